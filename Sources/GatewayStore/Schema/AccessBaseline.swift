extension Migrations {
    /// Organizations and their networks, and who may do what in them.
    static let accessBaseline = """
        CREATE TABLE organization (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            suspended_at INTEGER,
            updated_at INTEGER NOT NULL DEFAULT 0,
            created_revision INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX organization_by_age ON organization (created_revision, id);

        CREATE TABLE region (
            code TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            area TEXT,
            site TEXT,
            pop TEXT
        );

        CREATE TABLE network (
            id TEXT NOT NULL PRIMARY KEY,
            organization_id TEXT NOT NULL REFERENCES organization (id),
            name TEXT NOT NULL,
            address_block TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            created_revision INTEGER NOT NULL DEFAULT 0,
            UNIQUE (id, organization_id)
        );
        CREATE INDEX network_by_age ON network (organization_id, created_revision, id);

        CREATE TABLE user_account (
            id TEXT NOT NULL PRIMARY KEY,
            organization_id TEXT NOT NULL REFERENCES organization (id),
            name TEXT NOT NULL,
            lookup_name TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL
                CONSTRAINT user_account_role_is_known CHECK (role IN ('viewer', 'member', 'owner', 'admin')),
            is_restricted INTEGER NOT NULL,
            password_hash TEXT,
            invitation_selector INTEGER,
            invitation_hash BLOB UNIQUE,
            invitation_expires_at INTEGER,
            last_sign_in_at INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            created_revision INTEGER NOT NULL,
            CONSTRAINT user_account_invitation_is_sha256
                CHECK (invitation_hash IS NULL OR length(invitation_hash) = 32)
        );
        CREATE INDEX user_account_by_age ON user_account (organization_id, created_revision, id);
        CREATE INDEX user_account_by_invitation ON user_account (invitation_selector);
        CREATE UNIQUE INDEX user_account_of_organization ON user_account (id, organization_id);

        CREATE TABLE user_account_network (
            user_id TEXT NOT NULL,
            organization_id TEXT NOT NULL,
            network_id TEXT NOT NULL,
            PRIMARY KEY (user_id, network_id),
            FOREIGN KEY (user_id, organization_id)
                REFERENCES user_account (id, organization_id) ON DELETE CASCADE,
            FOREIGN KEY (network_id, organization_id)
                REFERENCES network (id, organization_id) ON DELETE CASCADE
        );

        CREATE TABLE api_key (
            id TEXT NOT NULL PRIMARY KEY,
            organization_id TEXT NOT NULL REFERENCES organization (id),
            selector INTEGER NOT NULL,
            hash BLOB NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            name TEXT NOT NULL DEFAULT 'first key',
            prefix TEXT,
            role TEXT NOT NULL DEFAULT 'admin'
                CONSTRAINT api_key_role_is_known CHECK (role IN ('viewer', 'member', 'owner', 'admin')),
            is_restricted INTEGER NOT NULL DEFAULT 0,
            expires_at INTEGER,
            last_used_at INTEGER,
            created_revision INTEGER NOT NULL DEFAULT 0,
            made_at_start INTEGER NOT NULL DEFAULT 0,
            CONSTRAINT api_key_hash_is_sha256 CHECK (length(hash) = 32)
        );
        CREATE INDEX api_key_by_age ON api_key (organization_id, created_revision, id);
        CREATE INDEX api_key_by_selector ON api_key (selector);
        CREATE UNIQUE INDEX api_key_of_organization ON api_key (id, organization_id);

        CREATE TABLE api_key_network (
            api_key_id TEXT NOT NULL,
            organization_id TEXT NOT NULL,
            network_id TEXT NOT NULL,
            PRIMARY KEY (api_key_id, network_id),
            FOREIGN KEY (api_key_id, organization_id)
                REFERENCES api_key (id, organization_id) ON DELETE CASCADE,
            FOREIGN KEY (network_id, organization_id)
                REFERENCES network (id, organization_id) ON DELETE CASCADE
        );

        CREATE TABLE revoked_api_key (
            hash BLOB NOT NULL PRIMARY KEY,
            organization_id TEXT NOT NULL,
            revoked_at INTEGER NOT NULL
        );

        CREATE TABLE session (
            id TEXT NOT NULL PRIMARY KEY,
            organization_id TEXT NOT NULL,
            user_id TEXT,
            api_key_id TEXT,
            selector INTEGER NOT NULL,
            hash BLOB NOT NULL UNIQUE,
            source TEXT NOT NULL,
            user_agent TEXT,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            created_revision INTEGER NOT NULL,
            FOREIGN KEY (user_id, organization_id)
                REFERENCES user_account (id, organization_id) ON DELETE CASCADE,
            FOREIGN KEY (api_key_id, organization_id)
                REFERENCES api_key (id, organization_id) ON DELETE CASCADE,
            CONSTRAINT session_has_one_principal CHECK ((user_id IS NULL) <> (api_key_id IS NULL)),
            CONSTRAINT session_hash_is_sha256 CHECK (length(hash) = 32)
        );
        CREATE INDEX session_by_end ON session (expires_at);
        CREATE INDEX session_by_selector ON session (selector);
        CREATE INDEX session_of_api_key ON session (api_key_id, created_revision, id);
        CREATE INDEX session_of_organization ON session (organization_id);
        CREATE INDEX session_of_user ON session (user_id, created_revision, id);
        """
}
