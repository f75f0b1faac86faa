/// One thing that is wrong, and what to do about it.
package struct Remark: Equatable, Sendable {
    package let code: RemarkCode
    package let severity: Severity
    /// Whole sentences.
    package let message: String
    /// A whole sentence.
    package let nextStep: String
    /// As in a `Finding`.
    package let command: String?
    /// The gateways or peers that it is about; 0 where it is about neither.
    package let count: Int

    package init(
        _ code: RemarkCode,
        _ severity: Severity,
        count: Int,
        _ message: String,
        nextStep: String,
        command: String? = nil
    ) {
        self.code = code
        self.severity = severity
        self.count = count
        self.message = message
        self.nextStep = nextStep
        self.command = command
    }
}

/// What a finding about one peer says as well has the same word there (`Finding.Code`).
package enum RemarkCode: String, CaseIterable, Sendable {
    case changesNotStored = "changes_not_stored"
    case gatewayNotProvisioned = "gateway_not_provisioned"
    case noWayOut = "no_way_out"
    case linkNotUp = "link_not_up"
    case nodeAway = "node_away"
    case nodeConnecting = "node_connecting"
    case secondNodeSession = "second_node_session"
    case nodeAddressElsewhere = "node_address_elsewhere"
    case gatewayIncomplete = "gateway_incomplete"
    case serviceMissing = "service_missing"
    case internetWithoutServices = "internet_without_services"
    case serviceOverlapsNetwork = "service_overlaps_network"
    case noDatagram = "no_datagram"
    case quotaUsedUp = "quota_used_up"
    case connectedPeersExceeded = "connected_peers_exceeded"
    case rateExceeded = "rate_exceeded"
    case webhookFailing = "webhook_failing"
    case neverConnected = "never_connected"
    case configOutdated = "config_outdated"
    case noPeers = "no_peers"
}
