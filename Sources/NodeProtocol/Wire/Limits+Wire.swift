import GatewayDomain
package import JSON

extension LimitProvision {
    var written: JSONValue {
        var writer = WireWriter()
        writer.add("rx", number: limits.rxRate)
        writer.add("tx", number: limits.txRate)
        writer.add("peers", number: limits.connectedPeers)
        if let quota = limits.quota {
            var object = WireWriter()
            quota.write(to: &object)
            use?.write(to: &object)
            writer.add("quota", object.json)
        }
        return writer.json
    }

    /// Nil where there are none.
    static func of(_ name: String, in object: WireObject) throws(WireError) -> LimitProvision? {
        guard let limits = try object.optionalObject(name) else { return nil }
        return try LimitProvision(limits)
    }

    private init(_ object: WireObject) throws(WireError) {
        var limits = UsageLimits(
            rxRate: try object.optionalInteger("rx"),
            txRate: try object.optionalInteger("tx"),
            connectedPeers: try object.optionalInteger("peers")
        )
        guard let quota = try object.optionalObject("quota") else {
            self.init(limits: limits)
            return
        }
        limits.quota = try MonthlyQuota(quota)
        self.init(limits: limits, use: quota.has("period") ? try QuotaUse(quota) : nil)
    }
}

extension MonthlyQuota {
    fileprivate func write(to writer: inout WireWriter) {
        writer.add("bytes", number: bytes)
        switch action {
        case .warn: writer.add("action", text: "warn")
        case .throttle(let rate):
            writer.add("action", text: "throttle")
            writer.add("rate", number: rate)
        case .block: writer.add("action", text: "block")
        }
        writer.add("day", number: resetDay)
    }

    fileprivate init(_ object: WireObject) throws(WireError) {
        let day = try object.integer("day", Int.self)
        guard Self.resetDays.contains(day) else { throw .member("day") }
        let action: Action
        switch try object.text("action") {
        case "warn": action = .warn
        case "throttle": action = .throttle(try object.integer("rate"))
        case "block": action = .block
        // Never wider than was meant.
        default: throw .member("action")
        }
        self.init(bytes: try object.integer("bytes"), action: action, resetDay: day)
    }
}

extension QuotaUse {
    func write(to writer: inout WireWriter) {
        writer.add("period", number: periodStart.number)
        writer.add("used", number: bytes)
    }

    init(_ object: WireObject) throws(WireError) {
        let start = UsageHour(number: try object.integer("period"))
        guard UsageHour.ofCalendars.contains(start) else { throw .member("period") }
        self.init(periodStart: start, bytes: try object.integer("used"))
    }
}

/// Uses by their subjects, as a list.
extension [LimitSubject: QuotaUse] {
    package var written: [JSONValue] {
        map { subject, use in
            var writer = WireWriter()
            switch subject {
            case .peer(let id): writer.add("peer", text: id)
            case .gateway(let id): writer.add("gateway", text: id)
            case .organization(let id): writer.add("organization", text: id)
            }
            use.write(to: &writer)
            return writer.json
        }
    }

    /// Subjects that only a later version has are passed over.
    package init(_ objects: [WireObject]) throws(WireError) {
        self.init()
        for object in objects {
            guard let subject = try LimitSubject(object) else { continue }
            self[subject] = try QuotaUse(object)
        }
    }
}

extension LimitSubject {
    fileprivate init?(_ object: WireObject) throws(WireError) {
        if object.has("peer") {
            self = .peer(try object.value("peer"))
        } else if object.has("gateway") {
            self = .gateway(try object.value("gateway"))
        } else if object.has("organization") {
            self = .organization(try object.value("organization"))
        } else {
            return nil
        }
    }
}
