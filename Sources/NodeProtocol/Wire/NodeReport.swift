package import GatewayDomain
package import JSON
import NetAddress

/// All that a node has to say at one moment. Each is sent until it is known that it arrived, and counted once.
package struct NodeReport: Sendable {
    package var number: ReportNumber
    /// The node's clock when it was sent: times of a clock that is wrong can be set right by it.
    package var time: Timestamp
    package var content: ReportContent

    package init(number: ReportNumber, time: Timestamp, content: ReportContent) {
        self.number = number
        self.time = time
        self.content = content
    }

    package var written: JSONValue {
        var writer = WireWriter()
        writer.add("number", number.written)
        writer.add("time", number: time.microseconds)
        content.write(to: &writer)
        return writer.json
    }

    package var bytes: [UInt8] { written.encodedBytes }

    package init(_ bytes: [UInt8]) throws(WireError) {
        let object = try WireObject(bytes)
        number = try ReportNumber(try object.object("number"))
        time = try object.time("time")
        content = try ReportContent(object)
    }
}

/// What is reported. Two that follow each other can be made one, which says the same.
package struct ReportContent: Sendable {
    package var gateways: [GatewayReport] = []
    package var peers: [PeerReport] = []
    package var links: [LinkReport] = []
    package var trouble = TroubleReport()
    package var traffic = TrafficReport()
    /// Up to which revision everything is carried, or was tried.
    package var revision: Int64?
    /// How busy the node's processors are, in percent of all of them.
    package var loadPercent: Int?
    /// Whether an interface of the machine has the address at which the node's gateways are found; nil where it is
    /// not said.
    package var hasAddress: Bool?

    package init() {}

    package var isEmpty: Bool {
        gateways.isEmpty && peers.isEmpty && links.isEmpty && trouble.isEmpty && traffic.isEmpty
    }

    /// Takes over a later one. No byte is counted twice and none is lost.
    package mutating func add(_ later: ReportContent) {
        let restated = Set(later.gateways.map(\.id))
        gateways.removeAll { restated.contains($0.id) }
        gateways += later.gateways
        if peers.isEmpty {
            peers = later.peers
        } else if !later.peers.isEmpty {
            peers = PeerReport.merging(peers + later.peers)
        }
        let relinked = Set(later.links.map(\.id))
        links.removeAll { relinked.contains($0.id) }
        links += later.links
        trouble.add(later.trouble)
        traffic.add(later.traffic)
        revision = later.revision ?? revision
        loadPercent = later.loadPercent ?? loadPercent
        hasAddress = later.hasAddress ?? hasAddress
    }

    /// Of the kind of which there are the most.
    package var mostObjects: Int {
        [
            gateways.count, peers.count, links.count, trouble.peers.count, trouble.drops.count,
            trouble.strangers.count, traffic.peers.count, traffic.drops.count,
        ].max() ?? 0
    }

    /// Takes out what is said of the first objects of each kind, at most `count`. The two parts one after the other
    /// say the same as the whole.
    package mutating func takeFirst(_ count: Int) -> ReportContent {
        guard mostObjects > count else {
            defer { self = ReportContent() }
            return self
        }
        var part = ReportContent()
        part.gateways = gateways.takeFirst(count)
        part.peers = peers.takeFirst(count)
        part.links = links.takeFirst(count)
        part.trouble.peers = trouble.peers.takeFirst(count)
        part.trouble.drops = trouble.drops.takeFirst(count)
        part.trouble.strangers = trouble.strangers.takeFirst(count)
        part.traffic.peers = traffic.peers.takeFirst(count)
        part.traffic.drops = traffic.drops.takeFirst(count)
        // What is said of gateways is as of it.
        part.revision = revision
        part.loadPercent = loadPercent
        part.hasAddress = hasAddress
        return part
    }

    package func write(to writer: inout WireWriter) {
        writer.add("revision", number: revision)
        writer.add("load", number: loadPercent)
        writer.add("has_address", hasAddress.map { .bool($0) })
        writer.add("gateways", list: gateways.map(\.written))
        writer.add("peers", list: peers.map(\.written))
        writer.add("links", list: links.map(\.written))
        writer.add("trouble", trouble.isEmpty ? nil : trouble.written)
        writer.add("traffic", traffic.isEmpty ? nil : traffic.written)
    }

    package init(_ object: WireObject) throws(WireError) {
        revision = try object.optionalInteger("revision", Int64.self).map { max($0, 0) }
        loadPercent = try object.optionalInteger("load", Int.self).map { min(max($0, 0), 100) }
        hasAddress = object.has("has_address") ? try object.flag("has_address") : nil
        gateways = try object.objects("gateways").map { object throws(WireError) in
            try GatewayReport(object)
        }
        peers = try object.objects("peers").map { object throws(WireError) in
            try PeerReport(object)
        }
        links = try object.objects("links").map { object throws(WireError) in
            try LinkReport(object)
        }
        if let object = try object.optionalObject("trouble") { trouble = try TroubleReport(object) }
        if let object = try object.optionalObject("traffic") { traffic = try TrafficReport(object) }
    }
}

extension Array {
    fileprivate mutating func takeFirst(_ count: Int) -> [Element] {
        defer { removeFirst(Swift.min(count, self.count)) }
        return Array(prefix(count))
    }
}

extension Dictionary {
    fileprivate mutating func takeFirst(_ count: Int) -> [Key: Value] {
        let first = Dictionary(uniqueKeysWithValues: prefix(count).map { ($0.key, $0.value) })
        for key in first.keys { self[key] = nil }
        return first
    }
}

extension GatewayReport {
    fileprivate var written: JSONValue {
        var writer = WireWriter()
        writer.add("id", text: id)
        writer.add("standing", standing.written)
        return writer.json
    }

    fileprivate init(_ object: WireObject) throws(WireError) {
        self.init(
            id: try object.value("id"),
            standing: try GatewayStanding(try object.object("standing"))
        )
    }
}

extension PeerReport {
    fileprivate var written: JSONValue {
        var writer = WireWriter()
        writer.add("id", text: id)
        writer.add("seen", number: lastSeen?.microseconds)
        writer.add("handshake", number: latestHandshakeAt?.microseconds)
        writer.add("echo", number: latestEchoAt?.microseconds)
        writer.add("endpoint", text: endpoint)
        writer.add("rx", count: rxBytesAdded)
        writer.add("tx", count: txBytesAdded)
        writer.add("egress_left", count: egressAdded.left)
        writer.add("egress_entered", count: egressAdded.entered)
        writer.add("usage", list: usageAdded.written)
        return writer.json
    }

    fileprivate init(_ object: WireObject) throws(WireError) {
        self.init(
            id: try object.value("id"),
            lastSeen: try object.optionalTime("seen"),
            latestHandshakeAt: try object.optionalTime("handshake"),
            latestEchoAt: try object.optionalTime("echo"),
            endpoint: try object.optional("endpoint"),
            rxBytesAdded: try object.count("rx"),
            txBytesAdded: try object.count("tx"),
            egressAdded: EgressBytes(
                left: try object.count("egress_left"),
                entered: try object.count("egress_entered")
            ),
            usageAdded: try HourlyUsage(try object.objects("usage"))
        )
    }
}

extension WireObject {
    func optionalTime(_ name: String) throws(WireError) -> Timestamp? {
        has(name) ? try time(name) : nil
    }

    /// Of the years 1970 to 9999, with which everything can be calculated.
    func time(_ name: String) throws(WireError) -> Timestamp {
        let time = Timestamp(microseconds: try integer(name))
        guard Timestamp.ofCalendars.contains(time) else { throw .member(name) }
        return time
    }

    /// Zero where it is left out.
    func count<Value: FixedWidthInteger>(_ name: String) throws(WireError) -> Value {
        try optionalInteger(name) ?? 0
    }
}
