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

CREATE TABLE backbone_lane (
    link_id TEXT NOT NULL REFERENCES backbone_link (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    gateway_id TEXT NOT NULL,
    node_id TEXT NOT NULL,
    port INTEGER NOT NULL,
    public_key TEXT NOT NULL,
    sealed_private_key BLOB NOT NULL,
    PRIMARY KEY (link_id, number, gateway_id),
    UNIQUE (node_id, port),
    CONSTRAINT backbone_lane_port_in_range CHECK (port BETWEEN 1 AND 65535)
);

CREATE TABLE backbone_link (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    network_id TEXT NOT NULL,
    lanes_count INTEGER NOT NULL,
    mtu INTEGER NOT NULL,
    first_gateway_id TEXT NOT NULL,
    first_region_code TEXT NOT NULL,
    first_node_id TEXT NOT NULL,
    first_state TEXT NOT NULL,
    first_via_gateway_id TEXT,
    second_gateway_id TEXT NOT NULL,
    second_region_code TEXT NOT NULL,
    second_node_id TEXT NOT NULL,
    second_state TEXT NOT NULL,
    second_via_gateway_id TEXT,
    state_since INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    created_revision INTEGER NOT NULL, first_services TEXT NOT NULL DEFAULT '', first_internet INTEGER NOT NULL DEFAULT 0, first_egress_range TEXT, second_services TEXT NOT NULL DEFAULT '', second_internet INTEGER NOT NULL DEFAULT 0, second_egress_range TEXT,
    UNIQUE (first_gateway_id, second_gateway_id),
    FOREIGN KEY (network_id, organization_id)
        REFERENCES network (id, organization_id)
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

CREATE TABLE cost_line (
    organization_id TEXT NOT NULL,
    month INTEGER NOT NULL,
    position INTEGER NOT NULL,
    item TEXT NOT NULL,
    gateway_id TEXT,
    gateway_name TEXT,
    kind INTEGER,
    used_month INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    price INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (organization_id, month, position)
);

CREATE TABLE default_gateway (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    network_id TEXT NOT NULL UNIQUE,
    peer_id TEXT,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, status_reason TEXT, created_revision INTEGER NOT NULL DEFAULT 0,
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

CREATE TABLE "gateway" (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    network_id TEXT NOT NULL,
    region_code TEXT NOT NULL REFERENCES region (code),
    node_id TEXT NOT NULL REFERENCES node (id),
    placed_revision INTEGER NOT NULL DEFAULT 0,
    name TEXT,
    enables_sip_trunking INTEGER NOT NULL,
    services TEXT,
    status TEXT NOT NULL,
    status_reason TEXT,
    lacks_egress INTEGER NOT NULL DEFAULT 0,
    public_key TEXT NOT NULL UNIQUE,
    sealed_private_key BLOB NOT NULL,
    endpoint_address TEXT NOT NULL,
    port INTEGER NOT NULL,
    subnet TEXT NOT NULL,
    given_address INTEGER,
    next_address INTEGER NOT NULL,
    egress_range TEXT,
    mtu INTEGER NOT NULL,
    persistent_keepalive INTEGER,
    peers_count INTEGER NOT NULL DEFAULT 0,
    latest_handshake_at INTEGER,
    rx_bytes INTEGER NOT NULL DEFAULT 0,
    tx_bytes INTEGER NOT NULL DEFAULT 0,
    egress_left_bytes INTEGER NOT NULL DEFAULT 0,
    egress_entered_bytes INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    created_revision INTEGER NOT NULL DEFAULT 0,
    config_revision INTEGER NOT NULL DEFAULT 0,
    keepalive_revision INTEGER NOT NULL DEFAULT 0,
    exit_revision INTEGER NOT NULL DEFAULT 0,
    UNIQUE (id, organization_id),
    UNIQUE (network_id, subnet),
    UNIQUE (node_id, port),
    FOREIGN KEY (network_id, organization_id)
        REFERENCES network (id, organization_id),
    CONSTRAINT gateway_port_in_range CHECK (port BETWEEN 1 AND 65535),
    CONSTRAINT gateway_mtu_in_range CHECK (mtu BETWEEN 1280 AND 9200),
    CONSTRAINT gateway_keepalive_in_range
        CHECK (persistent_keepalive BETWEEN 0 AND 65535),
    CONSTRAINT gateway_peers_count_is_natural CHECK (peers_count >= 0)
);

CREATE TABLE gateway_former_node (
    gateway_id TEXT NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
    node_id TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    PRIMARY KEY (gateway_id, node_id)
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
    updated_at INTEGER NOT NULL, created_revision INTEGER NOT NULL DEFAULT 0, status_reason TEXT,
    UNIQUE (network_id, region_code),
    FOREIGN KEY (network_id, organization_id)
        REFERENCES network (id, organization_id)
);

CREATE TABLE journal_position (
    id INTEGER NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    CONSTRAINT journal_position_is_one_row CHECK (id = 1)
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

CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
);

CREATE TABLE metered_gateway (
    number INTEGER NOT NULL PRIMARY KEY,
    gateway_id TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL,
    network_id TEXT NOT NULL,
    name TEXT,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    node_ids TEXT
);

CREATE TABLE metered_peer (
    number INTEGER NOT NULL PRIMARY KEY,
    peer_id TEXT NOT NULL UNIQUE,
    gateway INTEGER NOT NULL REFERENCES metered_gateway (number),
    name TEXT,
    has_usage INTEGER NOT NULL,
    deleted_at INTEGER
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

CREATE TABLE node (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    region_codes TEXT NOT NULL,
    endpoint_address TEXT NOT NULL,
    ports TEXT NOT NULL,
    is_embedded INTEGER NOT NULL,
    is_draining INTEGER NOT NULL,
    presence TEXT NOT NULL,
    presence_since INTEGER NOT NULL,
    last_seen_at INTEGER,
    version TEXT,
    public_key TEXT,
    second_session_at INTEGER,
    token_selector INTEGER,
    token_hash BLOB UNIQUE,
    token_expires_at INTEGER,
    token_used_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    created_revision INTEGER NOT NULL,
    CONSTRAINT node_token_hash_is_sha256
        CHECK (token_hash IS NULL OR length(token_hash) = 32)
);

CREATE TABLE node_credential (
    hash BLOB NOT NULL PRIMARY KEY,
    node_id TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    selector INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    CONSTRAINT node_credential_hash_is_sha256 CHECK (length(hash) = 32)
);

CREATE TABLE node_report (
    node_id TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    generation TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    counted_at INTEGER NOT NULL,
    PRIMARY KEY (node_id, generation)
);

CREATE TABLE node_stream (
    node_id TEXT NOT NULL PRIMARY KEY REFERENCES node (id) ON DELETE CASCADE,
    server TEXT NOT NULL,
    number INTEGER NOT NULL,
    process TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    heard_at INTEGER NOT NULL
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
    updated_at INTEGER NOT NULL, created_revision INTEGER NOT NULL DEFAULT 0, config_revision INTEGER NOT NULL DEFAULT 0, fetched_config_revision INTEGER, fetched_full_tunnel INTEGER NOT NULL DEFAULT 0, latest_echo_at INTEGER, egress_left_bytes INTEGER NOT NULL DEFAULT 0, egress_entered_bytes INTEGER NOT NULL DEFAULT 0,
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
    first_address BLOB NOT NULL, id TEXT, created_at INTEGER NOT NULL DEFAULT 0, created_revision INTEGER NOT NULL DEFAULT 0,
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

CREATE TABLE present_peer (
    peer_id TEXT NOT NULL PRIMARY KEY REFERENCES peer (id) ON DELETE CASCADE,
    organization_id TEXT NOT NULL
);

CREATE TABLE private_service (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT,
    prefixes TEXT NOT NULL,
    protocol TEXT,
    ports TEXT NOT NULL,
    region_codes TEXT,
    allows_private_prefixes INTEGER NOT NULL,
    source TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    created_revision INTEGER NOT NULL
, organization_ids TEXT);

CREATE TABLE region (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
, area TEXT, site TEXT, pop TEXT);

CREATE TABLE relayed_report (
    number INTEGER NOT NULL PRIMARY KEY,
    node_id TEXT NOT NULL,
    server TEXT NOT NULL,
    source TEXT,
    relayed_at INTEGER NOT NULL,
    content BLOB NOT NULL
);

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

CREATE TABLE usage_correction (
    gateway INTEGER NOT NULL REFERENCES metered_gateway (number),
    counted_hour INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    rx_packets INTEGER NOT NULL,
    rx_bytes INTEGER NOT NULL,
    tx_packets INTEGER NOT NULL,
    tx_bytes INTEGER NOT NULL,
    PRIMARY KEY (gateway, counted_hour, hour, kind)
) WITHOUT ROWID;

CREATE TABLE usage_gateway_day (
    gateway INTEGER NOT NULL,
    day INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    rx_packets INTEGER NOT NULL,
    rx_bytes INTEGER NOT NULL,
    tx_packets INTEGER NOT NULL,
    tx_bytes INTEGER NOT NULL,
    PRIMARY KEY (gateway, day, kind)
) WITHOUT ROWID;

CREATE TABLE usage_gateway_hour (
    gateway INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    rx_packets INTEGER NOT NULL,
    rx_bytes INTEGER NOT NULL,
    tx_packets INTEGER NOT NULL,
    tx_bytes INTEGER NOT NULL,
    PRIMARY KEY (gateway, hour, kind)
) WITHOUT ROWID;

CREATE TABLE usage_gateway_recent_day (
    gateway INTEGER NOT NULL,
    day INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    rx_packets INTEGER NOT NULL,
    rx_bytes INTEGER NOT NULL,
    tx_packets INTEGER NOT NULL,
    tx_bytes INTEGER NOT NULL,
    PRIMARY KEY (gateway, day, kind)
) WITHOUT ROWID;

CREATE TABLE usage_limit (
    subject_id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    network_id TEXT,
    gateway_id TEXT REFERENCES gateway (id) ON DELETE CASCADE,
    peer_id TEXT REFERENCES peer (id) ON DELETE CASCADE,
    rx_rate INTEGER,
    tx_rate INTEGER,
    connected_peers INTEGER,
    quota_bytes INTEGER,
    quota_action TEXT,
    throttle_rate INTEGER,
    reset_day INTEGER,
    quota_start INTEGER,
    quota_end INTEGER,
    used_bytes INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    created_revision INTEGER NOT NULL,
    CONSTRAINT usage_limit_quota_is_whole CHECK ((quota_bytes IS NULL) = (quota_action IS NULL)
        AND (quota_bytes IS NULL) = (reset_day IS NULL)
        AND (quota_bytes IS NULL) = (quota_start IS NULL)
        AND (quota_bytes IS NULL) = (quota_end IS NULL)
        AND (quota_bytes IS NULL) = (used_bytes IS NULL))
);

CREATE TABLE usage_peer_day (
    day INTEGER NOT NULL,
    peer INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    rx_packets INTEGER NOT NULL,
    rx_bytes INTEGER NOT NULL,
    tx_packets INTEGER NOT NULL,
    tx_bytes INTEGER NOT NULL,
    PRIMARY KEY (day, peer, kind)
) WITHOUT ROWID;

CREATE TABLE usage_peer_hour (
    hour INTEGER NOT NULL,
    peer INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    rx_packets INTEGER NOT NULL,
    rx_bytes INTEGER NOT NULL,
    tx_packets INTEGER NOT NULL,
    tx_bytes INTEGER NOT NULL,
    PRIMARY KEY (hour, peer, kind)
) WITHOUT ROWID;

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

CREATE TABLE webhook (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    sealed_secret BLOB NOT NULL,
    old_sealed_secret BLOB,
    old_secret_ends_at INTEGER,
    position INTEGER NOT NULL,
    last_delivered_at INTEGER,
    failing_since INTEGER,
    last_error TEXT,
    dropped_count INTEGER NOT NULL,
    skipped_count INTEGER NOT NULL,
    hurried_at INTEGER,
    told_failing_since INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    created_revision INTEGER NOT NULL
);

CREATE TABLE webhook_delivery (
    webhook_id TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    attempted_at INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    PRIMARY KEY (webhook_id, number)
);

CREATE TABLE webhook_event (
    webhook_id TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    object_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    body TEXT,
    attempts INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    PRIMARY KEY (webhook_id, number)
);

CREATE INDEX api_key_by_age ON api_key (organization_id, created_revision, id);

CREATE INDEX api_key_by_selector ON api_key (selector);

CREATE UNIQUE INDEX api_key_of_organization ON api_key (id, organization_id);

CREATE INDEX backbone_link_by_age
    ON backbone_link (organization_id, created_revision, id);

CREATE INDEX backbone_link_of_first_node ON backbone_link (first_node_id);

CREATE INDEX backbone_link_of_network
    ON backbone_link (network_id, created_revision, id);

CREATE INDEX backbone_link_of_second_gateway ON backbone_link (second_gateway_id);

CREATE INDEX backbone_link_of_second_node ON backbone_link (second_node_id);

CREATE INDEX config_url_by_selector ON config_url (selector);

CREATE INDEX default_gateway_of_peer ON default_gateway (peer_id);

CREATE INDEX event_of_object ON event (object_id, revision);

CREATE INDEX event_of_organization ON event (organization_id, revision);

CREATE INDEX gateway_by_age ON gateway (organization_id, created_revision, id);

CREATE UNIQUE INDEX gateway_by_egress_range ON gateway (node_id, egress_range)
    WHERE egress_range IS NOT NULL;

CREATE INDEX gateway_former_node_of_node ON gateway_former_node (node_id);

CREATE INDEX gateway_of_network ON gateway (network_id, created_revision, id);

CREATE INDEX internet_gateway_by_age
    ON internet_gateway (organization_id, created_revision, id);

CREATE INDEX internet_gateway_of_network
    ON internet_gateway (network_id, created_revision, id);

CREATE INDEX kept_answer_by_age ON kept_answer (created_at);

CREATE INDEX metered_gateway_of_organization
    ON metered_gateway (organization_id, network_id);

CREATE INDEX metered_peer_by_deletion ON metered_peer (has_usage, deleted_at)
    WHERE deleted_at IS NOT NULL;

CREATE INDEX metered_peer_of_gateway ON metered_peer (gateway);

CREATE INDEX network_by_age ON network (organization_id, created_revision, id);

CREATE INDEX node_by_age ON node (created_revision, id);

CREATE INDEX node_by_token ON node (token_selector);

CREATE INDEX node_credential_by_selector ON node_credential (selector);

CREATE INDEX node_credential_of_node ON node_credential (node_id, created_at);

CREATE UNIQUE INDEX node_embedded ON node (is_embedded) WHERE is_embedded = 1;

CREATE INDEX organization_by_age ON organization (created_revision, id);

CREATE INDEX peer_by_address ON peer (organization_id, address, created_revision, id);

CREATE INDEX peer_by_age ON peer (organization_id, created_revision, id);

CREATE INDEX peer_by_handshake ON peer (gateway_id, latest_handshake_at);

CREATE INDEX peer_by_name
    ON peer (organization_id, name COLLATE NOCASE, created_revision, id);

CREATE INDEX peer_of_gateway ON peer (gateway_id, created_revision, id);

CREATE UNIQUE INDEX peer_of_organization ON peer (id, organization_id);

CREATE UNIQUE INDEX peer_prefix_by_id ON peer_prefix (id);

CREATE INDEX peer_prefix_of_peer ON peer_prefix (peer_id, organization_id);

CREATE INDEX peer_share_by_age ON peer_share (organization_id, created_revision, id);

CREATE INDEX peer_share_by_end ON peer_share (expires_at);

CREATE INDEX peer_share_by_selector ON peer_share (selector);

CREATE INDEX peer_share_of_peer ON peer_share (peer_id, created_revision, id);

CREATE INDEX present_peer_of_organization ON present_peer (organization_id);

CREATE INDEX private_service_by_age ON private_service (created_revision, id);

CREATE INDEX released_address_rested
    ON released_address (gateway_id, address) WHERE is_rested = 1;

CREATE INDEX released_address_resting
    ON released_address (gateway_id, released_at) WHERE is_rested = 0;

CREATE INDEX session_by_end ON session (expires_at);

CREATE INDEX session_by_selector ON session (selector);

CREATE INDEX session_of_api_key ON session (api_key_id, created_revision, id);

CREATE INDEX session_of_organization ON session (organization_id);

CREATE INDEX session_of_user ON session (user_id, created_revision, id);

CREATE INDEX sign_in_code_by_end ON sign_in_code (expires_at);

CREATE INDEX sign_in_code_by_selector ON sign_in_code (selector);

CREATE INDEX sign_in_code_of_api_key ON sign_in_code (api_key_id, number);

CREATE INDEX sign_in_code_of_session ON sign_in_code (session_id);

CREATE INDEX sign_in_code_of_user ON sign_in_code (user_id, number);

CREATE INDEX usage_limit_by_age ON usage_limit (organization_id, created_revision, subject_id);

CREATE INDEX usage_limit_of_gateway ON usage_limit (gateway_id);

CREATE INDEX usage_limit_of_peer ON usage_limit (peer_id);

CREATE INDEX usage_limit_with_quota ON usage_limit (quota_end) WHERE quota_end IS NOT NULL;

CREATE INDEX user_account_by_age
    ON user_account (organization_id, created_revision, id);

CREATE INDEX user_account_by_invitation ON user_account (invitation_selector);

CREATE UNIQUE INDEX user_account_of_organization
    ON user_account (id, organization_id);

CREATE INDEX webhook_event_by_time
    ON webhook_event (webhook_id, next_attempt_at, object_id, revision, number);

CREATE INDEX webhook_event_of_object ON webhook_event (webhook_id, object_id);

CREATE INDEX webhook_of_organization ON webhook (organization_id, created_revision, id);
