package import NetAddress
import SystemIO

/// Which routes lead into the tunnel: pure.
///
/// Most go into the main table, where the longest prefix decides between tunnel and local networks. A
/// prefix that holds a peer's endpoint, as the default route does, cannot stand there: the tunnel's own
/// packets would go into the tunnel. It gets a table of its own, for all packets without the mark that
/// the tunnel's sockets set. Nothing has to follow when the machine roams: marked packets take whatever
/// way the main table has.
package struct RoutePlan: Equatable, Sendable {
    /// `Table` of the config file.
    enum Table: Equatable {
        case automatic
        case off
        case number(UInt32)

        init(_ text: String?) throws(ConnectError) {
            switch text?.lowercased() {
            case nil, "auto": self = .automatic
            case "off": self = .off
            case "main": self = .number(254)
            case let text?:
                guard let number = UInt32(text), number > 0 else {
                    throw ConnectError(
                        "Table in the file must be auto, off, main, or the number of a routing table"
                    )
                }
                self = .number(number)
            }
        }
    }

    /// Into the table that `table` names, or the main one.
    package private(set) var prefixes: [IPPrefix]
    let table: UInt32?
    /// Into a table for packets without the mark.
    package private(set) var beyondEndpoints: [IPPrefix]

    init(prefixes: [IPPrefix], endpoints: [IPAddress], table: Table) {
        var seen: Set<IPPrefix> = []
        let prefixes = prefixes.filter { seen.insert($0).inserted }
        switch table {
        case .off:
            (self.prefixes, self.table, beyondEndpoints) = ([], nil, [])
        case .number(let number):
            (self.prefixes, self.table, beyondEndpoints) = (prefixes, number, [])
        case .automatic:
            let around = prefixes.filter { prefix in
                prefix.length == 0 || endpoints.contains { prefix.contains($0) }
            }
            self.prefixes = prefixes.filter { !around.contains($0) }
            self.table = nil
            beyondEndpoints = around
        }
    }

    /// Takes an address into account that a gateway has moved to. A prefix that has held an endpoint once stays where
    /// it does no harm.
    ///
    /// - Returns: the prefixes that go from the main table into that for packets without the mark.
    mutating func moveAround(_ endpoint: IPAddress) -> [IPPrefix] {
        guard table == nil else { return [] }
        let around = prefixes.filter { $0.contains(endpoint) }
        guard !around.isEmpty else { return [] }
        prefixes.removeAll { around.contains($0) }
        beyondEndpoints += around
        return around
    }

    /// The families that get rules.
    var ruledFamilies: [Bool] {
        [false, true].filter { isIPv6 in beyondEndpoints.contains { $0.isIPv6 == isIPv6 } }
    }

    /// Two rules: whatever the main table has beside a default route comes first, as networks at hand
    /// stay reachable, then the tunnel for what is not its own. They come before the rule of the main
    /// table, which has the number 32766, and before those of other tunnels.
    ///
    /// - Parameter taken: the numbers of all rules of the family.
    static func priorities(besides taken: Set<UInt32>) -> (main: UInt32, tunnel: UInt32)? {
        let mainTable: UInt32 = 32_766
        // An odd and an even one, from the top down.
        for main in stride(from: mainTable - 2, through: 10_000, by: -2)
        where !taken.contains(main) && !taken.contains(main + 1) {
            return (main, main + 1)
        }
        return nil
    }
}

extension RoutePlan {
    /// Whatever the table.
    package var all: [IPPrefix] { beyondEndpoints + prefixes }
}
