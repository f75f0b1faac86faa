package import NetAddress

/// How much of the egress pool the gateways of one organization may have.
package struct EgressShare: Equatable, Sendable {
    package let percent: Int
    package let pool: IPv4Prefix

    package init(percent: Int, of pool: IPv4Prefix) {
        self.percent = percent
        self.pool = pool
    }

    package var addresses: Int { pool.addressCount * percent / 100 }

    /// More than that, in addresses.
    package struct Excess: Equatable, Sendable {
        package let share: EgressShare
        package let held: Int
        package let wanted: Int

        package init(share: EgressShare, held: Int, wanted: Int) {
            self.share = share
            self.held = held
            self.wanted = wanted
        }
    }
}

extension IPv4Prefix {
    package var addressCount: Int { 1 << (32 - Int(length)) }
}
