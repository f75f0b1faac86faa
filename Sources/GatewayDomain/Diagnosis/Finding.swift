package import NetAddress

/// One thing that is known of how a peer does, and what to do about it.
package struct Finding: Equatable, Sendable {
    package let code: Code
    package let severity: Severity
    package let certainty: Certainty
    /// One or two whole sentences.
    package let message: String
    /// What to do, as a whole sentence; nil where nothing has to be done.
    package let nextStep: String?
    /// A command of wgw that shows more of it or does the next step, as it is typed.
    package let command: String?
    /// Where what was found came from, outside the tunnel.
    package var source: Endpoint?
    /// How often it was seen; nil where that says nothing.
    package var count: Int?
    /// When it was last seen.
    package var lastAt: Timestamp?

    package init(
        _ code: Code,
        _ severity: Severity,
        certainty: Certainty = .certain,
        _ message: String,
        nextStep: String?,
        command: String? = nil,
        source: Endpoint? = nil,
        count: Int? = nil,
        lastAt: Timestamp? = nil
    ) {
        self.code = code
        self.severity = severity
        self.certainty = certainty
        self.message = message
        self.nextStep = nextStep
        self.command = command
        self.source = source
        self.count = count
        self.lastAt = lastAt
    }

    package enum Code: String, CaseIterable, Sendable {
        case gatewayNotProvisioned = "gateway_not_provisioned"
        case noWayOut = "no_way_out"
        case linkNotUp = "link_not_up"
        case nodeAway = "node_away"
        case nodeConnecting = "node_connecting"
        case serviceMissing = "service_missing"
        case internetWithoutServices = "internet_without_services"
        case noDatagram = "no_datagram"
        case neverConnected = "never_connected"
        case unknownKey = "unknown_key"
        case wrongGatewayKey = "wrong_gateway_key"
        case wrongPresharedKey = "wrong_preshared_key"
        case configUsedTwice = "config_used_twice"
        case clockWentBack = "clock_went_back"
        case clockIsOff = "clock_is_off"
        case sourceNotAllowed = "source_not_allowed"
        case targetSilent = "target_silent"
        case noRoute = "no_route"
        case egressNotAllowed = "egress_not_allowed"
        case serviceNotAllowed = "service_not_allowed"
        case packetTooBig = "packet_too_big"
        case quotaUsedUp = "quota_used_up"
        case rateExceeded = "rate_exceeded"
        case connectedPeersExceeded = "connected_peers_exceeded"
        case keepaliveMissing = "keepalive_missing"
        case silent = "silent"
        case configOutdated = "config_outdated"
        case endpointMoved = "endpoint_moved"
        case healthy = "healthy"
    }

    package enum Certainty: String, CaseIterable, Sendable {
        case certain
        /// There is one other explanation or two, which the message names.
        case likely
        /// It may belong to another peer or device.
        case possible
    }
}
