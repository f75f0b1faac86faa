/// In which order a list is asked for. Objects that are equal in it are in the order of their creation, so
/// that the pages of a list fit together.
package struct ListOrder<Member: SortMember>: Equatable, Sendable {
    package let member: Member
    /// The largest first, and of equal ones the youngest.
    package let isDescending: Bool

    package init(by member: Member, isDescending: Bool = false) {
        self.member = member
        self.isDescending = isDescending
    }

    /// The order of lists that are not asked for in another.
    package static var oldestFirst: ListOrder { ListOrder(by: .age) }
}

extension ListOrder {
    /// The name of a member, with a `-` before it for the descending order.
    package init?(_ text: String) {
        let isDescending = text.hasPrefix("-")
        let name = text.dropFirst(isDescending ? 1 : 0)
        guard let member = Member(rawValue: String(name)) else { return nil }
        self.init(by: member, isDescending: isDescending)
    }

    /// Every text that names an order.
    package static var words: [String] {
        Member.allCases.flatMap { [$0.rawValue, "-\($0.rawValue)"] }
    }
}

/// The members that a list can be ordered by.
package protocol SortMember: RawRepresentable<String>, CaseIterable, Equatable, Sendable {
    /// The order in which the objects were made.
    static var age: Self { get }
}

package enum PeerSortMember: String, SortMember {
    case age = "created_at"
    case name
    case lastSeen = "last_seen"
    case address
    case rxBytes = "rx_bytes"
    case txBytes = "tx_bytes"
}

package enum GatewaySortMember: String, SortMember {
    case age = "created_at"
    case name
    case peersCount = "peers_count"
    case rxBytes = "rx_bytes"
    case txBytes = "tx_bytes"
}

package enum NetworkSortMember: String, SortMember {
    case age = "created_at"
    case name
}

package enum EventSortMember: String, SortMember {
    case age = "occurred_at"
}
