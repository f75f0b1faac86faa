import NetAddress

/// The nftables table of one server: its name, and what it says for a plan.
package struct FirewallTable: Equatable, Sendable {
    /// Another one for each data directory, so that two servers of a machine have a table each.
    package let name: String

    package init(dataDirectory: String) {
        // FNV-1a.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in dataDirectory.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        name = "wgw_" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    static func isName(_ name: String) -> Bool {
        name.hasPrefix("wgw_") && name.utf8.count == 20
    }

    /// One transaction: an earlier table of this name is replaced, or all stays as it was.
    ///
    /// The kernel translates only what its connection tracking knows: a packet that belongs to no connection, as one
    /// with a wrong checksum, would leave with an address of the pool as its source.
    ///
    /// What comes from the device is marked until it is routed, as `TableGuard` drops what is not.
    ///
    /// - Parameter closed: devices whose forwarding was off until this server needed it: nothing else
    ///   is forwarded from them than what was before, which is nothing.
    package func script(for plan: FirewallPlan, closed: [String] = []) -> String {
        """
        \(removalScript)
        table inet \(name) {
        \tset mapped { \(Self.addresses(plan.mapped)) }
        \tset services { \(Self.addresses(plan.services)) }
        \tset not_public { \(Self.addresses(FirewallPlan.notPublic + [plan.pool])) }
        \tcounter wrong_source { }
        \tcounter not_allowed { }
        \tcounter untracked { }
        \tcounter unsolicited { }
        \tcounter not_forwarded { }
        \tchain forward {
        \t\ttype filter hook forward priority filter - 10; policy accept;
        \t\tiifname "\(plan.device)" jump leaving
        \t\toifname "\(plan.device)" jump entering
        \(Self.closing(closed))\t}
        \tchain prerouting {
        \t\ttype filter hook prerouting priority filter - 10; policy accept;
        \t\tiifname "\(plan.device)" meta mark 0 meta mark set \(Self.passMark)
        \t}
        \tchain leaving {
        \t\tmeta mark \(Self.passMark) meta mark set 0
        \t\tip saddr != @mapped counter name "wrong_source" drop
        \t\tmeta nfproto != ipv4 counter name "wrong_source" drop
        \t\toifname "\(plan.device)" counter name "not_allowed" drop
        \t\tct state invalid,untracked counter name "untracked" drop
        \t\tip daddr @services accept
        \t\tip daddr @not_public counter name "not_allowed" drop
        \t\t\(plan.hasInternet ? "accept" : #"counter name "not_allowed" drop"#)
        \t}
        \tchain entering {
        \t\tct state established,related accept
        \t\tcounter name "unsolicited" drop
        \t}
        \tchain input {
        \t\ttype filter hook input priority filter - 10; policy accept;
        \t\tiifname "\(plan.device)" jump own_addresses
        \t}
        \tchain own_addresses {
        \t\tmeta mark \(Self.passMark) meta mark set 0
        \t\tip saddr != @mapped counter name "wrong_source" drop
        \t\tip daddr @services accept
        \t\tct state established,related accept
        \t\tcounter name "not_allowed" drop
        \t}
        \tchain output {
        \t\ttype filter hook output priority filter - 10; policy accept;
        \t\toifname "\(plan.device)" jump entering
        \t}
        \tchain postrouting {
        \t\ttype nat hook postrouting priority srcnat; policy accept;
        \t\tip saddr @mapped oifname != "\(plan.device)" \(Self.translation(plan))
        \t}
        }

        """
    }

    /// One bit that other programs are unlikely to use, as the kernel writes it.
    private static let passMark = "0x40000000"

    /// What becomes of the source of packets that leave.
    private static func translation(_ plan: FirewallPlan) -> String {
        guard plan.hasInternet, let address = plan.publicAddress else { return "masquerade" }
        return "ip daddr != @services snat ip to \(address)\n"
            + "\t\tip saddr @mapped oifname != \"\(plan.device)\" masquerade"
    }

    /// Without an error where the table is not there.
    package var removalScript: String {
        """
        table inet \(name)
        delete table inet \(name)
        """
    }

    /// Replies go to the devices of other servers, which are named like ours.
    private static func closing(_ devices: [String]) -> String {
        guard !devices.isEmpty else { return "" }
        let names = devices.map { "\"\($0)\"" }.joined(separator: ", ")
        return "\t\tiifname { \(names) } oifname != \"wgw*\" counter name \"not_forwarded\" drop\n"
    }

    /// Neighbours and overlaps are joined by the kernel.
    private static func addresses(_ prefixes: [IPv4Prefix]) -> String {
        let kind = "type ipv4_addr; flags interval; auto-merge;"
        guard !prefixes.isEmpty else { return kind }
        return kind + " elements = { \(prefixes.map(\.description).joined(separator: ", ")) }"
    }
}
