import NetAddress
import WireGuardEngine

/// A peer that is desired, and its place in the engine of its gateway's owner.
struct CarriedPeer {
    var desired: DesiredPeer
    /// The engine has it while the gateway is open.
    var handle: PeerHandle

    var claim: NetworkRoutes.Claim {
        NetworkRoutes.Claim(destination: .peer(handle), rank: .peer(desired.id))
    }

    /// Where it was heard is newer than where it was configured to be.
    ///
    /// - Parameter account: nil before it was ever charged.
    func installation(
        on gateway: GatewayHandle,
        charging account: PeerAccount?
    ) -> DataPlaneChange {
        var configuration = desired.configuration
        configuration.endpoint = desired.lastHeard?.endpoint ?? configuration.endpoint
        return .installPeer(handle, on: gateway, configuration, charging: account)
    }

    /// What makes an installed peer what it should be, apart from its routes. Its key is the same.
    func changes(to next: DesiredPeer, on gateway: GatewayHandle) -> [DataPlaneChange] {
        let (old, new) = (desired.configuration, next.configuration)
        var changes: [DataPlaneChange] = []
        if old.presharedKey != new.presharedKey
            || old.persistentKeepalive != new.persistentKeepalive || old.probe != new.probe
            || !PeerLimits.areSame(old.limits, new.limits)
        {
            var configuration = new
            // It stays where it is.
            configuration.endpoint = nil
            changes.append(.installPeer(handle, on: gateway, configuration))
        }
        if old.endpoint != new.endpoint, let endpoint = new.endpoint {
            changes.append(.relocatePeer(handle, endpoint))
        }
        return changes
    }
}

extension DesiredPeer {
    /// Whether there is anything to do to get from one to the other.
    func isSame(as other: DesiredPeer) -> Bool {
        let (own, their) = (configuration, other.configuration)
        return gatewayID == other.gatewayID && own.publicKey == their.publicKey
            && own.presharedKey == their.presharedKey
            && own.persistentKeepalive == their.persistentKeepalive && own.probe == their.probe
            && PeerLimits.areSame(own.limits, their.limits)
            && [own.endpoint, nil].contains(their.endpoint) && prefixes == other.prefixes
    }
}

extension PeerLimits {
    /// Apart from what is left of a quota.
    fileprivate static func areSame(_ one: PeerLimits?, _ other: PeerLimits?) -> Bool {
        one?.rates ?? Rates() == other?.rates ?? Rates()
            && one?.quota?.action == other?.quota?.action
    }
}
