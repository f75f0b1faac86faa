package import GatewayDomain

/// What a node is allowed to see of the control plane, and all that travels between the two. A node follows
/// it, and reports back.
package protocol NodeFeed: Sendable {
    /// Yields after each commit that concerns gateways or peers, and at least once per interval, in
    /// case a wake is lost. Commits are coalesced for a slow reader.
    func wakes(atLeastEvery interval: Duration) -> AsyncStream<Void>

    /// Everything, as of one revision.
    func snapshot() async throws -> NodeSnapshot

    /// What happened behind a revision. Nil when that is too long ago, or never was: take a
    /// snapshot then.
    func changes(after revision: Int64) async throws -> NodeChanges?

    /// How far the node is with each gateway. Throws `ServiceError.storageUnavailable` where the report is
    /// to be made again.
    ///
    /// - Parameter revision: what the node had taken up when it looked. That a gateway is provisioned is not true of
    ///   what was changed since: the node hears of that, and reports again.
    func report(gateways: [GatewayReport], asOf revision: Int64) async throws

    /// What peers did since the last report. Ids of deleted peers are passed over. Throws
    /// `ServiceError.storageUnavailable` where the report is to be made again.
    ///
    /// - Returns: what is used of every quota that the report concerns, as of all that was reported up to it.
    @discardableResult
    func report(peers: [PeerReport]) async throws -> [LimitSubject: QuotaUse]

    /// How the node's ends of links are. Links that are not there, or not the node's, are passed over. Throws
    /// `ServiceError.storageUnavailable` where the report is to be made again.
    func report(links: [LinkReport]) async throws

    /// What went wrong since the last report. It is kept in memory only.
    func report(trouble: TroubleReport)

    /// What was carried since the last report. It is kept in memory only.
    func report(traffic: TrafficReport)
}
