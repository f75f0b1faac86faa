import GatewayDomain
import JSON

extension HourlyUsage {
    /// An object for each hour, with a member for each kind.
    var written: [JSONValue] {
        var hours: [UsageHour: WireWriter] = [:]
        for entry in entries {
            hours[entry.hour, default: WireWriter()].add(
                entry.kind.rawValue,
                entry.counts.written
            )
        }
        return hours.sorted { $0.key < $1.key }.map { hour, kinds in
            var writer = kinds
            writer.add("hour", number: hour.number)
            return writer.json
        }
    }

    /// A kind that only a later version has is passed over.
    init(_ hours: [WireObject]) throws(WireError) {
        guard hours.count <= PeerReport.mostUsageHours else { throw .member("usage") }
        self.init()
        for object in hours {
            let hour = UsageHour(number: try object.integer("hour"))
            guard UsageHour.ofCalendars.contains(hour) else { throw .member("hour") }
            for kind in UsageKind.allCases {
                guard let counts = try object.optionalObject(kind.rawValue) else { continue }
                add(Entry(hour: hour, kind: kind, counts: try UsageCounts(counts)))
            }
        }
    }
}

extension UsageCounts {
    fileprivate var written: JSONValue {
        var writer = WireWriter()
        writer.add("rx", count: rxBytes)
        writer.add("tx", count: txBytes)
        writer.add("rx_packets", count: rxPackets)
        writer.add("tx_packets", count: txPackets)
        return writer.json
    }

    fileprivate init(_ object: WireObject) throws(WireError) {
        let counts = UsageCounts(
            rxPackets: try object.count("rx_packets"),
            rxBytes: try object.count("rx"),
            txPackets: try object.count("tx_packets"),
            txBytes: try object.count("tx")
        )
        self = counts.bounded
    }
}
