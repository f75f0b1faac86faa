import DataPlane
import GatewayDomain
import NodeProtocol
import WireGuardEngine

// Limits in the data plane's words. What is left of a quota is as of now.

extension PeerLimits {
    convenience init(_ provision: LimitProvision, at time: Timestamp) {
        self.init(rates: Rates(provision.limits), quota: Quota(provision, at: time))
    }
}

extension SharedLimits {
    init(_ provision: LimitProvision?, at time: Timestamp) {
        guard let provision else {
            self.init()
            return
        }
        self.init(
            rates: Rates(provision.limits),
            quota: Quota(provision, at: time),
            connectedPeers: provision.limits.connectedPeers
        )
    }
}

extension DesiredOrganization {
    /// Nil where it is not known whose gateway it is.
    init?(of gateway: GatewayProvision, at time: Timestamp) {
        guard let id = gateway.organizationID else { return nil }
        self.init(
            id: DesiredID(id),
            limits: SharedLimits(gateway.organizationLimits, at: time)
        )
    }
}

extension Rates {
    fileprivate init(_ limits: UsageLimits) {
        self.init(received: limits.rxRate, sent: limits.txRate)
    }
}

extension Quota {
    /// Nil without one, and for one with whose end nothing happens.
    fileprivate init?(_ provision: LimitProvision, at time: Timestamp) {
        guard let quota = provision.limits.quota else { return nil }
        self.init(quota, left: quota.left(behind: quota.use(provision.use, at: time)))
    }
}
