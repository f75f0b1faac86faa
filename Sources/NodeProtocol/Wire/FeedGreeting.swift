package import GatewayDomain
package import JSON
package import NetAddress

/// What the control plane says first to a node that follows it.
package struct FeedGreeting: Equatable, Sendable {
    /// The version of the protocol that both know: the lower of the two.
    package let version: Int
    package let nodeID: NodeID
    /// Renewed when the database is restored: what was told of another timeline says nothing about this one.
    package let timeline: String
    /// The control plane's clock.
    package let time: Timestamp
    /// With which the secrets of this stream are opened.
    package let encapsulatedKey: String
    /// The last report that was counted of the generation which the node has named; zero for none.
    package let countedSequence: Int64
    package let settings: NodeSettings

    package init(
        version: Int,
        nodeID: NodeID,
        timeline: String,
        time: Timestamp,
        encapsulatedKey: String,
        countedSequence: Int64,
        settings: NodeSettings
    ) {
        self.version = version
        self.nodeID = nodeID
        self.timeline = timeline
        self.time = time
        self.encapsulatedKey = encapsulatedKey
        self.countedSequence = countedSequence
        self.settings = settings
    }

    var written: JSONValue {
        var writer = WireWriter()
        writer.add("version", number: version)
        writer.add("node", text: nodeID)
        writer.add("timeline", text: timeline)
        writer.add("time", number: time.microseconds)
        writer.add("key", text: encapsulatedKey)
        writer.add("counted", number: countedSequence)
        writer.add("settings", settings.written)
        return writer.json
    }

    init(_ object: WireObject) throws(WireError) {
        self.init(
            version: try object.integer("version"),
            nodeID: try object.value("node"),
            timeline: try object.text("timeline"),
            time: Timestamp(microseconds: try object.integer("time")),
            encapsulatedKey: try object.text("key"),
            countedSequence: try object.integer("counted"),
            settings: try NodeSettings(try object.object("settings"))
        )
    }
}

/// What the operator has set for a node at the control plane.
package struct NodeSettings: Equatable, Sendable {
    package let name: String
    /// What mapped ranges come from; nil for a node that makes no way out.
    package let egressPool: IPv4Prefix?
    /// Where the node's gateways are found; nil where it has none of IPv4.
    package let publicAddress: IPv4Address?
    /// The fingerprint of the certificate that the control plane shows from now on; nil where it has none of its own.
    package let certificate: String?

    package init(
        name: String,
        egressPool: IPv4Prefix?,
        publicAddress: IPv4Address? = nil,
        certificate: String? = nil
    ) {
        self.name = name
        self.egressPool = egressPool
        self.publicAddress = publicAddress
        self.certificate = certificate
    }

    package var written: JSONValue {
        var writer = WireWriter()
        writer.add("name", text: name)
        writer.add("egress_pool", text: egressPool)
        writer.add("public_address", text: publicAddress)
        writer.add("certificate", text: certificate)
        return writer.json
    }

    package init(_ object: WireObject) throws(WireError) {
        self.init(
            name: try object.text("name"),
            egressPool: object.has("egress_pool")
                ? try object.value("egress_pool") { try IPv4Prefix($0) } : nil,
            publicAddress: try object.optional("public_address"),
            certificate: try object.optionalText("certificate")
        )
    }
}

/// Names one report of a node, so that it is counted once however often it comes.
package struct ReportNumber: Hashable, Sendable {
    /// Names the node's memory of what it has reported; one that begins anew has another.
    package let generation: String
    /// Grows by one with each report of the generation, and begins with one.
    package let sequence: Int64

    package init(generation: String, sequence: Int64) {
        self.generation = generation
        self.sequence = sequence
    }

    var written: JSONValue {
        ["generation": .string(generation), "sequence": .integer(Int(sequence))]
    }

    init(_ object: WireObject) throws(WireError) {
        let generation = try object.text("generation")
        let sequence = try object.integer("sequence", Int64.self)
        guard (1...64).contains(generation.utf8.count), sequence > 0 else {
            throw .member("number")
        }
        self.init(generation: generation, sequence: sequence)
    }
}

/// Which versions of the protocol this program knows.
package enum NodeProtocolVersion {
    package static let newest = 1
    package static let oldest = 1
    package static let all = oldest...newest

    /// Nil where the two have none in common.
    package static func common(_ theirs: ClosedRange<Int>) -> Int? {
        let version = min(newest, theirs.upperBound)
        return version >= max(oldest, theirs.lowerBound) ? version : nil
    }
}
