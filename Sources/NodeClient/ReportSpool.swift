import GatewayDomain
import JSON
import NodeProtocol

/// What a node has to report and has not delivered: at most one report that is on its way, and what came up
/// since. What does not arrive is kept and merged, and takes no more memory than the node has peers.
struct ReportSpool: Sendable {
    /// Peers, or anything else, in one report: its bytes are a few millions then, less than a server takes.
    private static let mostObjects = 5_000

    /// Names this memory.
    let generation: String
    private var sequence: Int64
    /// The report that was sent, or is about to be. It stays what it is until it is known whether it arrived:
    /// the server counts a number once.
    private(set) var underWay: ReportContent?
    private(set) var waiting = ReportContent()

    init(generation: String) {
        self.generation = generation
        sequence = 1
    }

    mutating func add(_ content: ReportContent) { waiting.add(content) }

    /// The report to send next; the same one until it has arrived.
    mutating func next(at time: Timestamp) -> NodeReport {
        let content = underWay ?? waiting.takeFirst(Self.mostObjects)
        underWay = content
        return NodeReport(
            number: ReportNumber(generation: generation, sequence: sequence),
            time: time,
            content: content
        )
    }

    mutating func noteArrival(of number: ReportNumber) {
        guard number.generation == generation, number.sequence == sequence, underWay != nil else {
            return
        }
        underWay = nil
        sequence += 1
    }

    /// What is under way was not taken, and so not counted: a part of it is sent under the same number, and the rest
    /// behind it. Of the smallest part the counters alone are left.
    mutating func noteTooLarge(_ number: ReportNumber) {
        guard number.generation == generation, number.sequence == sequence, var rest = underWay
        else { return }
        var part = rest.takeFirst(max(rest.mostObjects / 2, 1))
        if rest.isEmpty {
            part.trouble = TroubleReport()
            part.traffic = TrafficReport()
        }
        rest.add(waiting)
        waiting = rest
        underWay = part
    }

    /// The server says which report of this generation was the last that it counted. An answer that was lost is
    /// found out by it.
    mutating func noteCounted(_ counted: Int64) {
        guard counted >= sequence else { return }
        underWay = nil
        sequence = counted + 1
    }

    /// What is remembered of traffic is for histories of the last minutes, and would stand at the wrong time.
    mutating func forgetTraffic() {
        waiting.traffic = TrafficReport()
        // What is under way may have been counted as it is.
    }

    /// What was not delivered of peers, or may not have been.
    var peers: [PeerReport] { (underWay?.peers ?? []) + waiting.peers }

    /// Whether anything in it has to outlive the process.
    var holdsCounters: Bool { underWay?.peers.isEmpty == false || !waiting.peers.isEmpty }
}

// In its file.
extension ReportSpool {
    func write(to writer: inout WireWriter) {
        writer.add("generation", text: generation)
        writer.add("sequence", number: sequence)
        if let underWay { writer.add("under_way", Self.json(underWay)) }
        writer.add("waiting", Self.json(waiting))
    }

    init(_ object: WireObject) throws(WireError) {
        generation = try object.text("generation")
        sequence = try object.integer("sequence")
        if let object = try object.optionalObject("under_way") {
            underWay = try ReportContent(object)
        }
        waiting = try ReportContent(try object.object("waiting"))
        waiting.traffic = TrafficReport()
    }

    private static func json(_ content: ReportContent) -> JSONValue {
        var writer = WireWriter()
        content.write(to: &writer)
        return writer.json
    }
}
