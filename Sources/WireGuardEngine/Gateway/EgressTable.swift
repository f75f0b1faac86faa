import NetAddress

/// One gateway's permissions, compiled so that an address is looked up once: for each prefix all that
/// holds in it.
///
/// A prefix of the network's own, a special range and the node's own addresses are entries that permit
/// nothing; they end what shorter prefixes permit. A service inside a special range opens it again.
final class EgressTable: Sendable {
    let gateway: GatewayHandle
    let configuration: EgressConfiguration
    /// Nil where nothing leaves through the node's interface.
    let addresses: PrefixMap?
    /// Whether any permission looks at more than addresses, so that a verdict must too.
    let looksAtPorts: Bool
    private let grants: PrefixTable<Grant>
    private let permissions: [EgressPermission]

    /// What holds at an address.
    struct Grant: BitwiseCopyable, Sendable {
        enum Reach: BitwiseCopyable {
            /// The network's own subnet.
            case ownBlock
            /// A special range or an address of the node.
            case excluded
            case permitted
        }

        let reach: Reach
        /// Of the prefix.
        let length: UInt8
        /// A permission without protocol and ports is among them.
        let isUnrestricted: Bool
        /// Its permissions, a part of all of them.
        let first: Int32
        let count: Int32
        /// The next-hop group that its packets take; nil where they leave through the node's interface.
        let link: UInt32?
        /// As what packets to its addresses are counted: of a private service all that its prefix has, whatever their
        /// ports.
        let kind: TrafficKind
    }

    init(
        of gateway: GatewayHandle,
        _ configuration: EgressConfiguration,
        beside blocks: [IPPrefix]
    ) {
        self.gateway = gateway
        self.configuration = configuration
        addresses = configuration.addresses
        var compiler = GrantCompiler()
        if configuration.internet {
            for prefix in SpecialRanges.internet {
                compiler.permit(EgressPermission(prefix), as: .internet)
            }
        } else if let link = configuration.distantInternet {
            for prefix in SpecialRanges.internet {
                compiler.permit(EgressPermission(prefix), over: link, as: .internet)
            }
        }
        let closed = SpecialRanges.all + configuration.excluded
        let services =
            (configuration.services.map { (permission: $0, link: UInt32?.none) }
            + configuration.distant.map { (permission: $0.permission, link: $0.link) })
            .filter { service in !blocks.contains { $0.contains(service.permission.prefix) } }
        // Shorter prefixes first: each finds what the longest one around it permits. Of equal ones, a
        // service comes after the range that it opens.
        for length in UInt8(0)...128 {
            for prefix in closed where prefix.length == length { compiler.close(prefix, .excluded) }
            for service in services where service.permission.prefix.length == length {
                compiler.permit(service.permission, over: service.link, as: .services)
            }
        }
        for block in blocks { compiler.close(block, .ownBlock) }
        grants = compiler.grants
        permissions = compiler.permissions
        looksAtPorts = permissions.contains { !$0.isUnrestricted }
    }

    /// Whether packets leave over the link of this next-hop group.
    func leads(over link: UInt32) -> Bool {
        configuration.distantInternet == link
            || configuration.distant.contains { $0.link == link }
    }

    @inline(__always)
    func grant(at address: InnerPacket.FlowAddress, isIPv6: Bool) -> Grant? {
        isIPv6 ? grants.lookup(address.v6) : grants.lookup(address.v4)
    }

    /// Whether a grant holds for a packet whose far end has `port`.
    @inline(__always)
    func permits(_ grant: Grant, _ flow: TransportFlow, farPort port: UInt16) -> Bool {
        grant.isUnrestricted || permitsByPort(grant, flow, farPort: port)
    }

    @inline(never)
    private func permitsByPort(_ grant: Grant, _ flow: TransportFlow, farPort port: UInt16) -> Bool
    {
        for index in Int(grant.first)..<Int(grant.first + grant.count) {
            let permission = permissions[index]
            if let number = permission.transportProtocol, number != flow.transportProtocol {
                continue
            }
            guard let ports = permission.ports else { return true }
            switch flow.ports {
            case .present where ports.contains(port): return true
            // Its ports are in the first piece. Without that one, which is judged by them, the receiver
            // cannot put the packet together.
            case .inEarlierFragment: return true
            case .present, .none: continue
            }
        }
        return false
    }
}

private struct GrantCompiler {
    private(set) var grants = PrefixTable<EgressTable.Grant>()
    private(set) var permissions: [EgressPermission] = []

    mutating func close(_ prefix: IPPrefix, _ reach: EgressTable.Grant.Reach) {
        grants.insert(
            prefix,
            EgressTable.Grant(
                reach: reach,
                length: prefix.length,
                isUnrestricted: false,
                first: 0,
                count: 0,
                link: nil,
                kind: .internet
            )
        )
    }

    /// Adds to what holds around the prefix or in an equal one, as far as that takes the same way.
    mutating func permit(
        _ permission: EgressPermission,
        over link: UInt32? = nil,
        as kind: TrafficKind
    ) {
        let first = permissions.count
        if let around = grants.lookup(permission.prefix.firstAddress), around.link == link {
            permissions += permissions[Int(around.first)..<Int(around.first + around.count)]
        }
        permissions.append(permission)
        grants.insert(
            permission.prefix,
            EgressTable.Grant(
                reach: .permitted,
                length: permission.prefix.length,
                isUnrestricted: permissions[first...].contains(where: \.isUnrestricted),
                first: Int32(first),
                count: Int32(permissions.count - first),
                link: link,
                kind: kind
            )
        )
    }
}

extension IPPrefix {
    fileprivate var firstAddress: IPAddress {
        switch self {
        case .v4(let prefix): .v4(prefix.network)
        case .v6(let prefix): .v6(prefix.network)
        }
    }
}
