extension Migrations {
    /// The networks behind peers: the first address of each, as the 16 bytes of IPv6, is its place in
    /// the order of all that belong to one network. And a gateway's own address, where it is not the
    /// first usable one of its subnet.
    static let givenAddresses = Migration(
        id: "2026-11-26-given-addresses",
        script: """
            CREATE TABLE peer_prefix (
                peer_id TEXT NOT NULL,
                organization_id TEXT NOT NULL,
                network_id TEXT NOT NULL,
                prefix TEXT NOT NULL,
                first_address BLOB NOT NULL,
                PRIMARY KEY (network_id, first_address),
                FOREIGN KEY (peer_id, organization_id)
                    REFERENCES peer (id, organization_id) ON DELETE CASCADE
            );
            CREATE INDEX peer_prefix_of_peer ON peer_prefix (peer_id, organization_id);

            ALTER TABLE gateway ADD COLUMN given_address INTEGER;
            """
    )
}
