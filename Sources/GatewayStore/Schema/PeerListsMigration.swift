extension Migrations {
    /// Lists of a hundred thousand peers in the order of names or addresses, and how many of a gateway's peers
    /// are connected. Names are ordered as people read them: `peer_by_name` serves equal names as well. And
    /// when a gateway last answered a ping of a peer.
    static let peerLists = Migration(
        id: "2026-11-26-peer-lists",
        script: """
            ALTER TABLE peer ADD COLUMN latest_echo_at INTEGER;
            DROP INDEX peer_by_name;
            CREATE INDEX peer_by_name
                ON peer (organization_id, name COLLATE NOCASE, created_revision, id);
            CREATE INDEX peer_by_address ON peer (organization_id, address, created_revision, id);
            CREATE INDEX peer_by_handshake ON peer (gateway_id, latest_handshake_at);
            """
    )
}
