extension Migrations {
    /// Commands name a peer, and a list may have a hundred thousand.
    static let peerNames = Migration(
        id: "2026-11-26-peer-names",
        script: """
            CREATE INDEX peer_by_name ON peer (organization_id, name, created_revision, id);
            """
    )
}
