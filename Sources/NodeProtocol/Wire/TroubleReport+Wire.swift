import GatewayDomain
import JSON
import NetAddress
import WireGuardCrypto

extension TroubleReport {
    /// More than the engine keeps of one peer or one gateway.
    fileprivate static let mostOfOne = 64

    var isEmpty: Bool { peers.isEmpty && drops.isEmpty && strangers.isEmpty }

    /// What is named replaces what was reported before.
    mutating func add(_ later: TroubleReport) {
        peers.merge(later.peers) { $1 }
        drops.merge(later.drops) { $1 }
        strangers.merge(later.strangers) { $1 }
    }

    var written: JSONValue {
        var writer = WireWriter()
        writer.add("peers", list: peers.map { $0.value.written(of: $0.key) })
        var counts = WireWriter()
        for (gateway, count) in drops { counts.add("\(gateway)", number: count) }
        writer.add("drops", counts.isEmpty ? nil : counts.json)
        writer.add(
            "strangers",
            list: strangers.map { gateway, strangers in
                var writer = WireWriter()
                writer.add("gateway", text: gateway)
                writer.add("list", list: strangers.map(\.written))
                return writer.json
            }
        )
        return writer.json
    }

    init(_ object: WireObject) throws(WireError) {
        self.init()
        for object in try object.objects("peers") {
            peers[try object.value("id")] = try PeerObservations(object)
        }
        for (name, number) in try object.numbers("drops") {
            guard let gateway = GatewayID(name) else { throw .member("drops") }
            drops[gateway] = number
        }
        for object in try object.objects("strangers") {
            strangers[try object.value("gateway")] = try object.objects("list").prefix(
                Self.mostOfOne
            ).map {
                object throws(WireError) in try StrangerObservation(object)
            }
        }
    }
}

extension PeerObservations {
    fileprivate func written(of id: PeerID) -> JSONValue {
        var writer = WireWriter()
        writer.add("id", text: id)
        writer.add("drops", list: drops.map(\.written))
        writer.add("unused_answers", unusedAnswers.writtenIfAny)
        writer.add("refused_answers", refusedAnswers.writtenIfAny)
        writer.add("unanswered_calls", unansweredCalls.writtenIfAny)
        writer.add("backward_clock", backwardClock?.written)
        writer.add("clock_offset", number: clockOffset)
        writer.add("moves", moves?.written)
        return writer.json
    }

    fileprivate init(_ object: WireObject) throws(WireError) {
        self.init()
        for object in try object.objects("drops").prefix(TroubleReport.mostOfOne) {
            if let drop = try DropObservation(object) { drops.append(drop) }
        }
        unusedAnswers = try Occurrences(try object.optionalObject("unused_answers"))
        refusedAnswers = try Occurrences(try object.optionalObject("refused_answers"))
        unansweredCalls = try Occurrences(try object.optionalObject("unanswered_calls"))
        if let object = try object.optionalObject("backward_clock") {
            backwardClock = try BackwardClock(object)
        }
        clockOffset = try object.optionalInteger("clock_offset")
        if let object = try object.optionalObject("moves") { moves = try EndpointMoves(object) }
    }
}

extension PeerObservations.Occurrences {
    fileprivate var written: JSONValue {
        var writer = WireWriter()
        writer.add("count", number: count)
        writer.add("last", number: last?.microseconds)
        return writer.json
    }

    fileprivate var writtenIfAny: JSONValue? { count == 0 && last == nil ? nil : written }

    fileprivate init(_ object: WireObject?) throws(WireError) {
        guard let object else {
            self.init()
            return
        }
        self.init(count: try object.integer("count"), last: try object.optionalTime("last"))
    }
}

extension PeerObservations.BackwardClock {
    fileprivate var written: JSONValue {
        var writer = WireWriter()
        writer.add("occurrences", occurrences.written)
        writer.add("seconds_behind", number: secondsBehind)
        writer.add("advancing", flag: isAdvancing)
        writer.add("source", text: source)
        return writer.json
    }

    fileprivate init(_ object: WireObject) throws(WireError) {
        self.init(
            occurrences: try .init(try object.object("occurrences")),
            secondsBehind: try object.integer("seconds_behind"),
            isAdvancing: try object.flag("advancing"),
            source: try object.optional("source")
        )
    }
}

extension PeerObservations.EndpointMoves {
    fileprivate var written: JSONValue {
        var writer = WireWriter()
        writer.add("occurrences", occurrences.written)
        writer.add("returns", returns.writtenIfAny)
        writer.add("from", text: from)
        writer.add("to", text: to)
        writer.add("silence", number: silence)
        writer.add("after_calls", flag: followsUnansweredCalls)
        return writer.json
    }

    fileprivate init(_ object: WireObject) throws(WireError) {
        self.init(
            occurrences: try .init(try object.object("occurrences")),
            returns: try .init(try object.optionalObject("returns")),
            from: try object.value("from"),
            to: try object.value("to"),
            silence: try object.integer("silence"),
            followsUnansweredCalls: try object.flag("after_calls")
        )
    }
}

extension DropObservation {
    fileprivate var written: JSONValue {
        var writer = WireWriter()
        writer.add("reason", text: reason.rawValue)
        writer.add("source", text: source)
        writer.add("destination", text: destination)
        writer.add("count", number: count)
        writer.add("last", number: last.microseconds)
        writer.add("length", number: length)
        writer.add("mtu", number: mtu)
        return writer.json
    }

    /// Nil for a reason that a later version has: the rest of the report counts.
    fileprivate init?(_ object: WireObject) throws(WireError) {
        guard let reason = DropCause(rawValue: try object.text("reason")) else { return nil }
        self.init(
            reason: reason,
            source: try object.optional("source"),
            destination: try object.optional("destination"),
            count: try object.integer("count"),
            last: try object.time("last"),
            length: try object.integer("length"),
            mtu: try object.optionalInteger("mtu")
        )
    }
}

extension StrangerObservation {
    fileprivate var written: JSONValue {
        var writer = WireWriter()
        if case .unknownKey(let key) = mistake { writer.add("key", text: key) }
        writer.add("endpoint", text: endpoint)
        writer.add("count", number: count)
        writer.add("last", number: last.microseconds)
        return writer.json
    }

    fileprivate init(_ object: WireObject) throws(WireError) {
        self.init(
            mistake: object.has("key")
                ? .unknownKey(try object.publicKey("key")) : .wrongGatewayKey,
            endpoint: try object.value("endpoint"),
            count: try object.integer("count"),
            last: try object.time("last")
        )
    }
}
