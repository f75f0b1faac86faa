package import WireGuardEngine

/// An organization that gateways of this node belong to.
struct CarriedOrganization {
    let account: SharedAccount
    /// How many they are.
    var gateways = 0
}

/// What is limited in common, and what is left of quotas.
extension CarriedState {
    /// Of a gateway that has none yet, or belongs to another organization than before; nil for a lane.
    mutating func makeAccount(for gateway: DesiredGateway) -> SharedAccount? {
        guard gateway.configuration.lane == nil else { return nil }
        let organization = gateway.organization.map { join($0.id) }
        return SharedAccount(counting: nextCounting(), within: organization)
    }

    mutating func limit(_ gateway: DesiredGateway) {
        gateways[gateway.id]?.account?.limit(to: gateway.limits)
        guard let organization = gateway.organization else { return }
        organizations[organization.id]?.account.limit(to: organization.limits)
    }

    /// The gateway is not of this organization any longer, whose account goes with the last one.
    mutating func leave(_ organization: DesiredOrganization.ID) {
        organizations[organization]?.gateways -= 1
        if organizations[organization]?.gateways == 0 { organizations[organization] = nil }
    }

    mutating func setQuota(_ quota: Quota?, of id: DesiredPeer.ID) {
        guard let slot = slots[id], let peer = peers[Int(slot)] else { return }
        var next = quota
        if let account = accounts.account(of: peer.handle) {
            account.setQuota(quota)
        } else if quota?.since == nil {
            // A worker may have made the account meanwhile: `add` tells it.
            next?.since = Reading(counting: Counting(peer.handle), counted: 0)
        }
        let rates = peer.desired.configuration.limits?.rates ?? Rates()
        peers[Int(slot)]?.desired.configuration.limits = PeerLimits(rates: rates, quota: next)
    }

    /// The accounts that workers have made.
    mutating func add(_ charged: [ChargedPeer]) {
        accounts.add(charged)
        for case let (handle, account?) in charged.map({ ($0.peer, $0.newAccount) }) {
            guard let limits = peer(of: handle)?.configuration.limits else { continue }
            // One that says nothing of when that was left is the one that the worker had.
            if limits.quota == nil || limits.quota?.since != nil { account.setQuota(limits.quota) }
        }
    }

    private mutating func join(_ organization: DesiredOrganization.ID) -> SharedAccount {
        let known = organizations[organization]
        var carried = known ?? CarriedOrganization(account: SharedAccount(counting: nextCounting()))
        carried.gateways += 1
        organizations[organization] = carried
        return carried.account
    }

    private mutating func nextCounting() -> Counting {
        countings += 1
        return Counting(countings)
    }
}

extension DataPlane {
    /// What is left of a peer's quota is known anew, and counts at once; nil ends the quota. So it is
    /// for gateways and organizations. Nothing is done for what is not carried.
    package func setQuota(_ quota: Quota?, of peer: DesiredPeer.ID) {
        withCarried { $0.setQuota(quota, of: peer) }
    }

    package func setQuota(_ quota: Quota?, of gateway: DesiredGateway.ID) {
        withCarried { $0.gateways[gateway]?.account?.setQuota(quota) }
    }

    package func setQuota(_ quota: Quota?, of organization: DesiredOrganization.ID) {
        withCarried { $0.organizations[organization]?.account.setQuota(quota) }
    }
}
