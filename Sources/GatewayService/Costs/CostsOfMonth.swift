import GatewayDomain
import GatewayStore

extension Costs {
    /// What the usage of an organization costs, as far as it is known at `now`. Each line is exact until it is rounded, once.
    init(
        of organization: OrganizationID,
        in month: CalendarMonth,
        by lists: [PriceList],
        isClosed: Bool = false,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws {
        let list = lists.list(of: month)
        self.init(
            organizationID: organization,
            month: month,
            currency: lists.currency(in: month),
            isClosed: isClosed,
            lines: try list.map { list in
                try Self.gateways(of: organization, in: month, list, at: now, db)
                    + Self.usage(of: organization, in: month, list, db)
                    + Self.corrections(of: organization, in: month, list, db)
            } ?? []
        )
    }

    /// Pro rata by the hour: an hour that has begun counts.
    private static func gateways(
        of organization: OrganizationID,
        in month: CalendarMonth,
        _ list: PriceList,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws -> [CostLine] {
        let whole = month.hours
        return try CostLines.lives(of: organization, in: whole, db).compactMap { life in
            let first = max(UsageHour(of: life.openedAt), whole.lowerBound)
            let last = UsageHour(of: life.closedAt ?? now)
            let end = min(last.advanced(by: 1), whole.upperBound)
            guard first < end else { return nil }
            let hours = UInt64(end.number - first.number)
            let all = UInt64(whole.upperBound.number - whole.lowerBound.number)
            return CostLine(
                .gateway,
                gatewayID: life.gatewayID,
                gatewayName: life.name,
                month: month,
                quantity: hours,
                price: list.gateway,
                amount: list.gateway.amount(of: hours, per: all)
            )
        }
    }

    private static func usage(
        of organization: OrganizationID,
        in month: CalendarMonth,
        _ list: PriceList,
        _ db: any SQLConnection
    ) throws -> [CostLine] {
        let scope = Scope(organizationID: organization)
        var lines: [CostLine] = []
        // To count them takes time, where there are many.
        if list.peer != .zero {
            let filter = UsageFilter(hours: month.hours, groups: [.peer])
            let count = UInt64(try Usage.countSums(filter, in: scope, db))
            if count > 0 {
                lines.append(
                    CostLine(
                        .peers,
                        month: month,
                        quantity: count,
                        price: list.peer,
                        amount: list.peer.amount(of: count, per: 1)
                    )
                )
            }
        }
        let filter = UsageFilter(hours: month.hours, groups: [.kind])
        let limit = UsageKind.allCases.count
        let later = try Usage.corrections(of: organization, usedIn: month.hours, db)
        for sum in try Usage.sums(filter, in: scope, limit: limit, db).page {
            guard let kind = sum.kind else { continue }
            let bytes = later.filter { $0.kind == kind }.reduce(sum.counts.bytes) {
                $0 - min($0, $1.counts.bytes)
            }
            if bytes > 0 { lines.append(.traffic(.traffic, kind, bytes, of: month, list)) }
        }
        return lines
    }

    private static func corrections(
        of organization: OrganizationID,
        in month: CalendarMonth,
        _ list: PriceList,
        _ db: any SQLConnection
    ) throws -> [CostLine] {
        try Usage.corrections(of: organization, countedIn: month.hours, db).map {
            .traffic(.correction, $0.kind, $0.counts.bytes, of: $0.month, list)
        }
    }
}

extension CostLine {
    private static let gigabyte: UInt64 = 1_000_000_000

    fileprivate static func traffic(
        _ item: CostItem,
        _ kind: UsageKind,
        _ bytes: UInt64,
        of month: CalendarMonth,
        _ list: PriceList
    ) -> CostLine {
        let price = list.gigabyte[kind] ?? .zero
        return CostLine(
            item,
            kind: kind,
            month: month,
            quantity: bytes,
            price: price,
            amount: price.amount(of: bytes, per: gigabyte)
        )
    }
}

extension UsageCounts {
    /// What is charged for: both ways.
    fileprivate var bytes: UInt64 {
        var sum = rxBytes
        sum.count(txBytes)
        return sum
    }
}
