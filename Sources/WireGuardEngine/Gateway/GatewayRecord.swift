import NetAddress
import WireGuardCrypto

typealias GatewayPointer = UnsafeMutablePointer<GatewayRecord>

/// One WireGuard interface: keys, routes, sessions, and what its handshakes need.
struct GatewayRecord: ~Copyable {
    let handle: GatewayHandle
    let identity: StaticIdentity
    let addressV4: IPv4Address?
    let addressV6: IPv6Address?
    let mtu: Int
    let localDelivery: GatewayConfiguration.LocalDelivery
    var table = ForwardingTable()
    let sessions = SessionTable()

    // Home worker only

    /// Our initiations that wait for an answer, by the index that we chose.
    var pendingInitiations: [UInt32: PeerHandle] = [:]
    var peersByKey: [PublicKey: PeerHandle] = [:]
    /// TAI64N only goes forward, whatever the wall clock does.
    var newestTimestampSent = TAI64N.zero
    var cookies = CookieSecret()
    var icmpBudget = TokenBucket()
    var drops = DropCounters()

    init(handle: GatewayHandle, configuration: GatewayConfiguration) {
        self.handle = handle
        identity = StaticIdentity(privateKey: configuration.privateKey)
        var v4: IPv4Address?
        var v6: IPv6Address?
        for address in configuration.addresses {
            switch address.address {
            case .v4(let found): v4 = v4 ?? found
            case .v6(let found): v6 = v6 ?? found
            }
        }
        addressV4 = v4
        addressV6 = v6
        mtu = configuration.mtu
        localDelivery = configuration.localDelivery
    }
}
