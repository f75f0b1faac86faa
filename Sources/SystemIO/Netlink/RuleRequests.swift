/// A rule that says which routing table packets are looked up in, as `ip rule` has them.
package struct RoutingRule: Hashable, Sendable {
    package var isIPv6: Bool
    /// Rules of a lower number are asked first.
    package var priority: UInt32
    /// Nil where the packets are dropped.
    package var table: UInt32?
    /// Asks for packets that came in through the device of this name, whether there is one or not; nil for all
    /// packets, this host's own among them.
    package var incoming: String?
    /// Asks for packets with this mark; nil for all packets.
    package var mark: UInt32?
    /// Asks for packets without that mark instead.
    package var isInverted: Bool
    /// Routes whose prefix has at most this length do not count: with zero a default route.
    package var ignoringPrefixesUpTo: UInt32?

    package init(
        isIPv6: Bool,
        priority: UInt32,
        table: UInt32?,
        incoming: String? = nil,
        mark: UInt32? = nil,
        isInverted: Bool = false,
        ignoringPrefixesUpTo: UInt32? = nil
    ) {
        self.isIPv6 = isIPv6
        self.priority = priority
        self.table = table
        self.incoming = incoming
        self.mark = mark
        self.isInverted = isInverted
        self.ignoringPrefixesUpTo = ignoringPrefixesUpTo
    }
}

extension NetlinkSocket {
    /// Fails with EEXIST where the same rule is there.
    package func add(_ rule: RoutingRule) throws(SystemError) {
        let flags = NetlinkMessage.Flag.create | NetlinkMessage.Flag.exclusive
        try request(rule.message(32, flags: flags), as: "RTM_NEWRULE")
    }

    /// Fails with ENOENT where there is none.
    package func delete(_ rule: RoutingRule) throws(SystemError) {
        try request(rule.message(33, flags: 0), as: "RTM_DELRULE")
    }

    package func rules(isIPv6: Bool) throws(SystemError) -> [RoutingRule] {
        let family = isIPv6 ? Family.v6 : Family.v4
        let message = NetlinkMessage(
            34,
            flags: NetlinkMessage.Flag.dump,
            fixed: [family] + [UInt8](repeating: 0, count: 11)
        )
        var rules: [RoutingRule] = []
        try ask(message, as: "RTM_GETRULE") { answer in
            if let rule = RoutingRule(answer) { rules.append(rule) }
        }
        return rules
    }
}

extension RoutingRule {
    private static let toTable: UInt8 = 1
    private static let blackhole: UInt8 = 6
    private static let invert: UInt32 = 2

    private enum RuleAttribute {
        static let incoming: UInt16 = 3
        static let priority: UInt16 = 6
        static let mark: UInt16 = 10
        static let ignoredLength: UInt16 = 14
        static let table: UInt16 = 15
        static let mask: UInt16 = 16
    }

    fileprivate func message(_ kind: UInt16, flags: UInt16) -> NetlinkMessage {
        let family = isIPv6 ? Family.v6 : Family.v4
        let shortTable = table.map { UInt8(exactly: $0) ?? 252 } ?? 0
        let action = table == nil ? Self.blackhole : Self.toTable
        var message = NetlinkMessage(
            kind,
            flags: flags | NetlinkMessage.Flag.acknowledge,
            fixed: [family, 0, 0, 0, shortTable, 0, 0, action]
                + NetlinkMessage.words(isInverted ? Self.invert : 0)
        )
        message.add(RuleAttribute.priority, priority)
        if let table { message.add(RuleAttribute.table, table) }
        if let incoming { message.add(RuleAttribute.incoming, Array(incoming.utf8) + [0]) }
        if let mark {
            message.add(RuleAttribute.mark, mark)
            message.add(RuleAttribute.mask, .max)
        }
        if let ignoringPrefixesUpTo {
            message.add(RuleAttribute.ignoredLength, ignoringPrefixesUpTo)
        }
        return message
    }

    fileprivate init?(_ answer: NetlinkAnswer) {
        guard answer.type == 32, let family = answer.body.number(at: 0, as: UInt8.self),
            let shortTable = answer.body.number(at: 4, as: UInt8.self),
            let action = answer.body.number(at: 7, as: UInt8.self),
            let flags = answer.body.number(at: 8, as: UInt32.self)
        else { return nil }
        let attributes = answer.attributes(behind: 12)
        let number = { (kind: UInt16) in attributes[kind]?.number(at: 0, as: UInt32.self) }
        let ignored = number(RuleAttribute.ignoredLength)
        // The kernel leaves a mark of zero out.
        let unmarked: UInt32? = number(RuleAttribute.mask) == .max ? 0 : nil
        self.init(
            isIPv6: family == Family.v6,
            priority: number(RuleAttribute.priority) ?? 0,
            table: action == Self.blackhole
                ? nil : number(RuleAttribute.table) ?? UInt32(shortTable),
            incoming: attributes[RuleAttribute.incoming].map {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            },
            mark: number(RuleAttribute.mark) ?? unmarked,
            isInverted: flags & Self.invert != 0,
            ignoringPrefixesUpTo: ignored == .max ? nil : ignored
        )
    }
}
