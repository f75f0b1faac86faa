CREATE TABLE api_key (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    selector INTEGER NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL, name TEXT NOT NULL DEFAULT 'first key', prefix TEXT, role TEXT NOT NULL DEFAULT 'admin'
    CONSTRAINT api_key_role_is_known
    CHECK (role IN ('viewer', 'member', 'owner', 'admin')), is_restricted INTEGER NOT NULL DEFAULT 0, expires_at INTEGER, last_used_at INTEGER, created_revision INTEGER NOT NULL DEFAULT 0, made_at_start INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT api_key_hash_is_sha256 CHECK (length(hash) = 32)
);

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

CREATE TABLE config_url (
    peer_id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    selector INTEGER NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    FOREIGN KEY (peer_id, organization_id)
        REFERENCES peer (id, organization_id) ON DELETE CASCADE,
    CONSTRAINT config_url_hash_is_sha256 CHECK (length(hash) = 32)
);

CREATE TABLE default_gateway (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    network_id TEXT NOT NULL UNIQUE,
    peer_id TEXT,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    FOREIGN KEY (network_id, organization_id)
        REFERENCES network (id, organization_id) ON DELETE CASCADE,
    FOREIGN KEY (peer_id, organization_id)
        REFERENCES peer (id, organization_id) ON DELETE CASCADE
);

CREATE TABLE event (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id TEXT NOT NULL,
    network_id TEXT,
    object_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    operation TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    api_key_id TEXT,
    actor_name TEXT,
    actor_organization_id TEXT,
    request_id TEXT,
    object_before TEXT,
    object_after TEXT, user_id TEXT,
    CONSTRAINT event_operation_is_known
        CHECK (operation IN ('created', 'updated', 'deleted'))
);

CREATE TABLE gateway (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    network_id TEXT NOT NULL,
    region_code TEXT NOT NULL REFERENCES region (code),
    name TEXT,
    enables_sip_trunking INTEGER NOT NULL,
    status TEXT NOT NULL,
    status_reason TEXT,
    public_key TEXT NOT NULL UNIQUE,
    sealed_private_key BLOB NOT NULL,
    endpoint_address TEXT NOT NULL,
    port INTEGER NOT NULL UNIQUE,
    subnet TEXT NOT NULL,
    next_address INTEGER NOT NULL,
    mtu INTEGER NOT NULL,
    persistent_keepalive INTEGER,
    peers_count INTEGER NOT NULL DEFAULT 0,
    latest_handshake_at INTEGER,
    rx_bytes INTEGER NOT NULL DEFAULT 0,
    tx_bytes INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, created_revision INTEGER NOT NULL DEFAULT 0, config_revision INTEGER NOT NULL DEFAULT 0, keepalive_revision INTEGER NOT NULL DEFAULT 0, exit_revision INTEGER NOT NULL DEFAULT 0, given_address INTEGER,
    UNIQUE (id, organization_id),
    UNIQUE (network_id, subnet),
    FOREIGN KEY (network_id, organization_id)
        REFERENCES network (id, organization_id),
    CONSTRAINT gateway_port_in_range CHECK (port BETWEEN 1 AND 65535),
    CONSTRAINT gateway_mtu_in_range CHECK (mtu BETWEEN 1280 AND 9200),
    CONSTRAINT gateway_keepalive_in_range
        CHECK (persistent_keepalive BETWEEN 0 AND 65535),
    CONSTRAINT gateway_peers_count_is_natural CHECK (peers_count >= 0)
);

CREATE TABLE installation (
    key TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
);

CREATE TABLE internet_gateway (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    network_id TEXT NOT NULL,
    region_code TEXT NOT NULL REFERENCES region (code),
    name TEXT,
    status TEXT NOT NULL,
    public_address TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, created_revision INTEGER NOT NULL DEFAULT 0,
    UNIQUE (network_id, region_code),
    FOREIGN KEY (network_id, organization_id)
        REFERENCES network (id, organization_id)
);

CREATE TABLE kept_answer (
    organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    principal_id TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    sealed_answer BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, path, idempotency_key)
);

CREATE TABLE migration (id TEXT NOT NULL PRIMARY KEY);

CREATE TABLE network (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    address_block TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, created_revision INTEGER NOT NULL DEFAULT 0,
    UNIQUE (id, organization_id)
);

CREATE TABLE organization (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
, suspended_at INTEGER, updated_at INTEGER NOT NULL DEFAULT 0, created_revision INTEGER NOT NULL DEFAULT 0);

CREATE TABLE peer (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    gateway_id TEXT NOT NULL,
    name TEXT,
    public_key TEXT NOT NULL,
    sealed_preshared_key BLOB,
    address INTEGER NOT NULL,
    persistent_keepalive INTEGER,
    last_seen INTEGER,
    latest_handshake_at INTEGER,
    endpoint TEXT,
    rx_bytes INTEGER NOT NULL DEFAULT 0,
    tx_bytes INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, created_revision INTEGER NOT NULL DEFAULT 0, config_revision INTEGER NOT NULL DEFAULT 0, fetched_config_revision INTEGER, fetched_full_tunnel INTEGER NOT NULL DEFAULT 0, latest_echo_at INTEGER,
    UNIQUE (gateway_id, public_key),
    UNIQUE (gateway_id, address),
    FOREIGN KEY (gateway_id, organization_id)
        REFERENCES gateway (id, organization_id),
    CONSTRAINT peer_keepalive_in_range
        CHECK (persistent_keepalive BETWEEN 0 AND 65535)
);

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

CREATE TABLE peer_share (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    peer_id TEXT NOT NULL,
    selector INTEGER NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    sealed_config BLOB,
    has_private_key INTEGER NOT NULL,
    is_full_tunnel INTEGER NOT NULL,
    config_revision INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    created_at INTEGER NOT NULL,
    created_revision INTEGER NOT NULL,
    FOREIGN KEY (peer_id, organization_id)
        REFERENCES peer (id, organization_id) ON DELETE CASCADE,
    CONSTRAINT peer_share_hash_is_sha256 CHECK (length(hash) = 32)
);

CREATE TABLE region (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
, area TEXT, site TEXT, pop TEXT);

CREATE TABLE released_address (
    gateway_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    address INTEGER NOT NULL,
    released_at INTEGER NOT NULL,
    is_rested INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (gateway_id, address),
    FOREIGN KEY (gateway_id, organization_id)
        REFERENCES gateway (id, organization_id) ON DELETE CASCADE
);

CREATE TABLE released_subnet (
    network_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    subnet TEXT NOT NULL,
    released_at INTEGER NOT NULL,
    PRIMARY KEY (network_id, subnet),
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
    CONSTRAINT session_has_one_principal
        CHECK ((user_id IS NULL) <> (api_key_id IS NULL)),
    CONSTRAINT session_hash_is_sha256 CHECK (length(hash) = 32)
);

CREATE TABLE user_account (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    lookup_name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL
        CONSTRAINT user_account_role_is_known
        CHECK (role IN ('viewer', 'member', 'owner', 'admin')),
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

CREATE INDEX api_key_by_age ON api_key (organization_id, created_revision, id);

CREATE INDEX api_key_by_selector ON api_key (selector);

CREATE UNIQUE INDEX api_key_of_organization ON api_key (id, organization_id);

CREATE INDEX config_url_by_selector ON config_url (selector);

CREATE INDEX default_gateway_of_peer ON default_gateway (peer_id);

CREATE INDEX event_of_object ON event (object_id, revision);

CREATE INDEX event_of_organization ON event (organization_id, revision);

CREATE INDEX gateway_by_age ON gateway (organization_id, created_revision, id);

CREATE INDEX gateway_of_network ON gateway (network_id, created_revision, id);

CREATE INDEX internet_gateway_by_age
    ON internet_gateway (organization_id, created_revision, id);

CREATE INDEX internet_gateway_of_network
    ON internet_gateway (network_id, created_revision, id);

CREATE INDEX kept_answer_by_age ON kept_answer (created_at);

CREATE INDEX network_by_age ON network (organization_id, created_revision, id);

CREATE INDEX organization_by_age ON organization (created_revision, id);

CREATE INDEX peer_by_address ON peer (organization_id, address, created_revision, id);

CREATE INDEX peer_by_age ON peer (organization_id, created_revision, id);

CREATE INDEX peer_by_handshake ON peer (gateway_id, latest_handshake_at);

CREATE INDEX peer_by_name
    ON peer (organization_id, name COLLATE NOCASE, created_revision, id);

CREATE INDEX peer_of_gateway ON peer (gateway_id, created_revision, id);

CREATE UNIQUE INDEX peer_of_organization ON peer (id, organization_id);

CREATE INDEX peer_prefix_of_peer ON peer_prefix (peer_id, organization_id);

CREATE INDEX peer_share_by_age ON peer_share (organization_id, created_revision, id);

CREATE INDEX peer_share_by_end ON peer_share (expires_at);

CREATE INDEX peer_share_by_selector ON peer_share (selector);

CREATE INDEX peer_share_of_peer ON peer_share (peer_id, created_revision, id);

CREATE INDEX released_address_rested
    ON released_address (gateway_id, address) WHERE is_rested = 1;

CREATE INDEX released_address_resting
    ON released_address (gateway_id, released_at) WHERE is_rested = 0;

CREATE INDEX session_by_end ON session (expires_at);

CREATE INDEX session_by_selector ON session (selector);

CREATE INDEX session_of_api_key ON session (api_key_id, created_revision, id);

CREATE INDEX session_of_organization ON session (organization_id);

CREATE INDEX session_of_user ON session (user_id, created_revision, id);

CREATE INDEX user_account_by_age
    ON user_account (organization_id, created_revision, id);

CREATE INDEX user_account_by_invitation ON user_account (invitation_selector);

CREATE UNIQUE INDEX user_account_of_organization
    ON user_account (id, organization_id);
