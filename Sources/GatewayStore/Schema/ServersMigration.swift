extension Migrations {
    /// What servers on one database have to know of each other. `sign_in_code`: links that sign in are made at one server and
    /// used at another. `lease`: who does something alone, until when; each holder has a larger epoch than the one before. A
    /// server has one in its own name for as long as it lives. `node_stream`: at which server a node has its session, and the number that it
    /// has there. `relayed_report`: what a node has said to one server in the last minute, for the others.
    static let servers = Migration(
        id: "2026-11-27-servers",
        script: """
            CREATE TABLE sign_in_code (
                hash BLOB NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL,
                user_id TEXT,
                api_key_id TEXT,
                session_id TEXT REFERENCES session (id) ON DELETE CASCADE,
                selector INTEGER NOT NULL,
                number INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                FOREIGN KEY (user_id, organization_id)
                    REFERENCES user_account (id, organization_id) ON DELETE CASCADE,
                FOREIGN KEY (api_key_id, organization_id)
                    REFERENCES api_key (id, organization_id) ON DELETE CASCADE,
                CONSTRAINT sign_in_code_has_one_principal
                    CHECK ((user_id IS NULL) <> (api_key_id IS NULL)),
                CONSTRAINT sign_in_code_hash_is_sha256 CHECK (length(hash) = 32)
            );
            CREATE INDEX sign_in_code_by_selector ON sign_in_code (selector);
            CREATE INDEX sign_in_code_of_user ON sign_in_code (user_id, number);
            CREATE INDEX sign_in_code_of_api_key ON sign_in_code (api_key_id, number);
            CREATE INDEX sign_in_code_of_session ON sign_in_code (session_id);
            CREATE INDEX sign_in_code_by_end ON sign_in_code (expires_at);

            CREATE TABLE lease (
                name TEXT NOT NULL PRIMARY KEY,
                holder TEXT NOT NULL,
                epoch INTEGER NOT NULL,
                ends_at INTEGER NOT NULL
            );

            CREATE TABLE node_stream (
                node_id TEXT NOT NULL PRIMARY KEY REFERENCES node (id) ON DELETE CASCADE,
                server TEXT NOT NULL,
                number INTEGER NOT NULL,
                process TEXT NOT NULL,
                began_at INTEGER NOT NULL,
                heard_at INTEGER NOT NULL
            );

            CREATE TABLE relayed_report (
                number INTEGER NOT NULL PRIMARY KEY,
                node_id TEXT NOT NULL,
                server TEXT NOT NULL,
                source TEXT,
                relayed_at INTEGER NOT NULL,
                content BLOB NOT NULL
            );
            """
    )
}
