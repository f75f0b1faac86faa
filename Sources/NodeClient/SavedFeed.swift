import NodeProtocol

/// What a node last was told, as it is kept: with it the node starts while its server is away.
struct SavedFeed {
    let place: FeedPlace
    let settings: NodeSettings
    let snapshot: NodeSnapshot

    /// Lines, the first of which says what the others are.
    func written() throws(WireError) -> [UInt8] {
        var writer = WireWriter()
        writer.add("timeline", text: place.timeline)
        writer.add("revision", number: place.revision)
        writer.add("settings", settings.written)
        var bytes = writer.json.line
        var secrets = PlainSecrets()
        for object in snapshot.objects {
            bytes += try FeedLine.change(object).written(&secrets)
        }
        bytes += try FeedLine.end(revision: place.revision).written(&secrets)
        return bytes
    }

    init(place: FeedPlace, settings: NodeSettings, snapshot: NodeSnapshot) {
        self.place = place
        self.settings = settings
        self.snapshot = snapshot
    }

    init(_ bytes: [UInt8]) throws(WireError) {
        var lines = bytes.split(separator: UInt8(ascii: "\n")).makeIterator()
        guard let first = lines.next() else { throw .notJSON }
        let head = try WireObject(Array(first))
        place = FeedPlace(
            timeline: try head.text("timeline"),
            revision: try head.integer("revision")
        )
        settings = try NodeSettings(try head.object("settings"))
        var objects: [NodeChange] = []
        var secrets = PlainSecrets()
        var isWhole = false
        while let line = lines.next() {
            switch try FeedLine(Array(line), &secrets) {
            case .change(let change): objects.append(change)
            case .end: isWhole = true
            default: throw .outOfOrder("saved")
            }
        }
        guard isWhole else { throw .outOfOrder("end") }
        snapshot = NodeSnapshot(revision: place.revision, objects: objects)
    }
}
