package import WireGuardEngine

/// What all workers have counted, by the ids of what is desired. What is not desired any longer is
/// not in it.
package struct DataPlaneReport: Sendable {
    package struct Peer: Sendable {
        package let id: DesiredPeer.ID
        package let gatewayID: DesiredGateway.ID
        /// Its handle is another one where the peer was installed anew, and its counters began at zero.
        package let activity: ActivityReport
    }

    package struct Gateway: Sendable {
        package let id: DesiredGateway.ID
        /// Since it was opened.
        package let drops: DropCounters
        /// Apart from what its peers sent each other.
        package let egress: EgressTraffic
        /// All that are remembered, where there are new ones since the last report.
        package let newStrangers: [Stranger]?
    }

    /// What was forwarded for a peer.
    package struct PeerUsage: Sendable {
        package let id: DesiredPeer.ID
        package let gatewayID: DesiredGateway.ID
        /// Names this counting among all of this data plane. A peer that is installed anew, with another key or as its
        /// gateway moves, counts on; where it had been heard within the last report, it may begin another counting.
        package let counting: PeerHandle
        /// Since the counting began.
        package let usage: Usage
        /// The counting has ended.
        package let isLast: Bool

        /// What a quota of the peer refers to.
        package var reading: Reading {
            Reading(counting: Counting(counting), counted: usage.total.bytes)
        }
    }

    /// One that is open, of a link.
    package struct CarriedLane: Sendable {
        package let linkID: DesiredLink.ID
        package let number: Int
        /// Since it was opened.
        package internal(set) var drops = DropCounters()
        /// What peers of the other node sent through this node's interface, and got from there.
        package internal(set) var egress = EgressTraffic()
        /// What passed the lane, and how its probes do; nil where that has not changed since the last report.
        package internal(set) var activity: ActivityReport?
    }

    /// Those whose counters changed since the last report.
    package internal(set) var peers: [Peer] = []
    /// All that are open.
    package internal(set) var gateways: [Gateway] = []
    /// Where it has grown since the last report; and once more of each peer that is gone, where anything was
    /// forwarded for it.
    package internal(set) var peerUsage: [PeerUsage] = []
    /// Of all gateways that have a quota: what their peers have used together of what `peerUsage` has.
    package private(set) var gatewayReadings: [DesiredGateway.ID: Reading] = [:]
    /// Of all organizations that have one.
    package private(set) var organizationReadings: [DesiredOrganization.ID: Reading] = [:]
    /// Of all sockets that each worker ever had, in the order of the workers.
    package internal(set) var io: [IOCounters] = []
    /// Of packets from the interface that belong to no gateway, since the start.
    package internal(set) var interfaceDrops = DropCounters()
    private var byLane: [DesiredLink.LaneID: CarriedLane] = [:]
}

extension DataPlaneReport {
    package var lanes: [CarriedLane] { Array(byLane.values) }

    mutating func add(_ report: WorkerReport, _ carried: CarriedState) {
        for activity in report.peers {
            guard let peer = carried.peer(of: activity.peer) else { continue }
            if let lane = carried.laneID(of: peer.gatewayID) {
                note(lane) { $0.activity = activity }
                continue
            }
            peers.append(Peer(id: peer.id, gatewayID: peer.gatewayID, activity: activity))
        }
        for (handle, drops) in report.drops {
            guard let id = carried.gateway(of: handle) else { continue }
            if let lane = carried.laneID(of: id) {
                note(lane) { $0.drops = drops }
                note(lane) { $0.egress = report.egress[handle] ?? EgressTraffic() }
                continue
            }
            gateways.append(
                Gateway(
                    id: id,
                    drops: drops,
                    egress: report.egress[handle] ?? EgressTraffic(),
                    newStrangers: report.newStrangers[handle]
                )
            )
        }
    }

    /// Of all workers at once: one may have charged an account that another one has made.
    mutating func addUsage(of reports: [WorkerReport], _ carried: CarriedState) {
        for handle in reports.flatMap({ $0.chargedPeers.map(\.peer) }) {
            guard let peer = carried.peer(of: handle),
                let account = carried.accounts.account(of: handle),
                let usage = account.takeNewUsage()
            else { continue }
            addUsage(usage, of: peer.id, on: peer.gatewayID, account, isLast: false)
        }
    }

    /// - Parameter left: what was left before the workers were asked.
    mutating func addUsage(behind left: [Accounts.FormerPeer], _ carried: inout CarriedState) {
        for peer in left {
            guard let (account, isLast) = carried.accounts.close(peer) else { continue }
            let new = account.takeNewUsage()
            guard let usage = isLast ? account.usage : new else { continue }
            addUsage(usage, of: peer.id, on: peer.gatewayID, account, isLast: isLast)
        }
    }

    mutating func addReadings(_ carried: CarriedState) {
        gatewayReadings = carried.gateways.compactMapValues { $0.account?.reading }
        organizationReadings = carried.organizations.compactMapValues { $0.account.reading }
    }

    private mutating func addUsage(
        _ usage: Usage,
        of peer: DesiredPeer.ID,
        on gateway: DesiredGateway.ID,
        _ account: PeerAccount,
        isLast: Bool
    ) {
        peerUsage.append(
            PeerUsage(
                id: peer,
                gatewayID: gateway,
                counting: account.counting,
                usage: usage,
                isLast: isLast
            )
        )
    }

    private mutating func note(_ id: DesiredLink.LaneID, _ change: (inout CarriedLane) -> Void) {
        change(&byLane[id, default: CarriedLane(linkID: id.link, number: id.number)])
    }
}
