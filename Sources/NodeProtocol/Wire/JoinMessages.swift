package import GatewayDomain
package import JSON
package import WireGuardCrypto

/// What a machine sends with its join token.
package struct JoinRequest: Equatable, Sendable {
    package let nodeID: NodeID
    /// Of the token.
    package let secret: String
    /// What secrets for the node are sealed to from now on.
    package let publicKey: PublicKey
    /// Where the machine is, as far as its operator has said so.
    package let regionCode: String?
    /// Of the program.
    package let version: String
    /// Of the protocol.
    package let versions: ClosedRange<Int>
    /// The machine's clock.
    package let time: Timestamp

    package init(
        nodeID: NodeID,
        secret: String,
        publicKey: PublicKey,
        regionCode: String? = nil,
        version: String,
        versions: ClosedRange<Int> = NodeProtocolVersion.all,
        time: Timestamp
    ) {
        self.nodeID = nodeID
        self.secret = secret
        self.publicKey = publicKey
        self.regionCode = regionCode
        self.version = version
        self.versions = versions
        self.time = time
    }

    package var written: JSONValue {
        var writer = WireWriter()
        writer.add("node", text: nodeID)
        writer.add("secret", text: secret)
        writer.add("key", text: publicKey)
        writer.add("region", text: regionCode)
        writer.add("version", text: version)
        writer.add("oldest", number: versions.lowerBound)
        writer.add("newest", number: versions.upperBound)
        writer.add("time", number: time.microseconds)
        return writer.json
    }

    package init(_ bytes: [UInt8]) throws(WireError) {
        let object = try WireObject(bytes)
        let oldest = try object.integer("oldest", Int.self)
        let newest = try object.integer("newest", Int.self)
        guard oldest <= newest else { throw .member("oldest") }
        self.init(
            nodeID: try object.value("node"),
            secret: try object.text("secret"),
            publicKey: try object.publicKey("key"),
            regionCode: try object.optionalText("region"),
            version: try object.text("version"),
            versions: oldest...newest,
            time: try object.time("time")
        )
    }
}

/// What lets a node in.
package struct IssuedCredential: Equatable, Sendable {
    package let text: String
    package let expiresAt: Timestamp
    /// From when on the node should ask for the next one.
    package let renewsAt: Timestamp

    package init(text: String, expiresAt: Timestamp, renewsAt: Timestamp) {
        self.text = text
        self.expiresAt = expiresAt
        self.renewsAt = renewsAt
    }

    package var written: JSONValue {
        var writer = WireWriter()
        writer.add("text", text: text)
        writer.add("expires", number: expiresAt.microseconds)
        writer.add("renews", number: renewsAt.microseconds)
        return writer.json
    }

    package init(_ object: WireObject) throws(WireError) {
        self.init(
            text: try object.text("text"),
            expiresAt: try object.time("expires"),
            renewsAt: try object.time("renews")
        )
    }
}

/// What the server answers a machine that has become a node.
package struct JoinAnswer: Equatable, Sendable {
    package let credential: IssuedCredential

    package init(credential: IssuedCredential) {
        self.credential = credential
    }

    package var written: JSONValue { ["credential": credential.written] }

    package init(_ bytes: [UInt8]) throws(WireError) {
        let object = try WireObject(bytes)
        credential = try IssuedCredential(try object.object("credential"))
    }
}
