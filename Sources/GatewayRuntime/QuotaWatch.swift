import DataPlane
import GatewayDomain
import NodeProtocol
import Synchronization
import SystemIO
import WireGuardEngine

/// Tells the data plane what is left of quotas. What is told and what is reported come at the same time; what was
/// decided last is what is set last.
final class QuotaWatch: Sendable {
    private let dataPlane: DataPlane
    private let keeper = Mutex(QuotaKeeper())

    init(dataPlane: DataPlane) {
        self.dataPlane = dataPlane
    }

    /// Before the data plane is configured by them: nothing is set any more of what has no quota then.
    func take(_ changes: [NodeChange]) {
        set { $0.take(changes, at: Self.time) }
    }

    /// - Parameter reports: `reports` before the snapshot was asked for.
    func take(_ snapshot: NodeSnapshot, askedAfter reports: Int) {
        set { $0.take(snapshot, askedAfter: reports, at: Self.time) }
    }

    /// How many were noted.
    var reports: Int { keeper.withLock { $0.reports } }

    /// - Parameter uses: what the feed says of the report.
    func note(_ uses: [LimitSubject: QuotaUse], of report: DataPlaneReport) {
        set { $0.note(uses, report.readings, at: Self.time) }
    }

    /// By the node's clock, which its hours of usage go by, too.
    private static var time: Timestamp { Timestamp(BootClock.moment.wall) }

    private func set(_ decide: (inout QuotaKeeper) -> [QuotaKeeper.Setting]) {
        keeper.withLock { keeper in
            for setting in decide(&keeper) {
                switch setting.subject {
                case .peer(let id): dataPlane.setQuota(setting.quota, of: DesiredPeer.ID(id))
                case .gateway(let id): dataPlane.setQuota(setting.quota, of: DesiredGateway.ID(id))
                case .organization(let id):
                    dataPlane.setQuota(setting.quota, of: DesiredOrganization.ID(id))
                }
            }
        }
    }
}

extension DataPlaneReport {
    fileprivate var readings: [LimitSubject: Reading] {
        var readings: [LimitSubject: Reading] = [:]
        for peer in peerUsage where !peer.isLast {
            readings[.peer(PeerID(peer.id))] = peer.reading
        }
        for (id, reading) in gatewayReadings { readings[.gateway(GatewayID(id))] = reading }
        for (id, reading) in organizationReadings {
            readings[.organization(OrganizationID(id))] = reading
        }
        return readings
    }
}
