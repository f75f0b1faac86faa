import GatewayDomain
import JSON
import NetAddress

// Links, as objects of lines and of reports.

extension LinkProvision {
    func written(_ secrets: inout some SecretSealing) throws(WireError) -> JSONValue {
        var writer = WireWriter()
        writer.add("id", text: id)
        writer.add("network", text: networkID)
        writer.add("gateway", text: gatewayID)
        writer.add("remote_node", text: remoteNodeID)
        writer.add("remote", text: remoteGatewayID)
        writer.add("address", text: remoteAddress)
        writer.add("subnet", text: remoteSubnet)
        writer.add("routes", texts: remotePrefixes)
        writer.add("mtu", number: mtu)
        writer.add("state", text: state.rawValue)
        writer.add("via", text: viaGatewayID)
        var list: [JSONValue] = []
        for (number, lane) in lanes.enumerated() {
            list.append(try lane.written(LanePlace(link: id, number: number), &secrets))
        }
        writer.add("lanes", list: list)
        return writer.json
    }

    init(_ object: WireObject, _ secrets: inout some SecretOpening) throws(WireError) {
        let id = try object.value("id", BackboneLinkID.self)
        var lanes: [Lane] = []
        for (number, lane) in try object.objects("lanes").enumerated() {
            lanes.append(try Lane(lane, LanePlace(link: id, number: number), &secrets))
        }
        self.init(
            id: id,
            networkID: try object.value("network"),
            gatewayID: try object.value("gateway"),
            remoteNodeID: try object.value("remote_node"),
            remoteGatewayID: try object.value("remote"),
            remoteAddress: try object.value("address"),
            remoteSubnet: try object.value("subnet") { try IPv4Prefix($0) },
            remotePrefixes: try object.values("routes") { try IPPrefix($0) },
            mtu: try object.integer("mtu"),
            lanes: lanes,
            state: try object.linkState(),
            viaGatewayID: try object.optional("via")
        )
    }
}

/// Which lane of which link a key belongs to.
private struct LanePlace: CustomStringConvertible {
    let link: BackboneLinkID
    let number: Int

    var description: String { "\(link) \(number)" }
}

extension LinkProvision.Lane {
    fileprivate func written(
        _ place: LanePlace,
        _ secrets: inout some SecretSealing
    ) throws(WireError) -> JSONValue {
        var writer = WireWriter()
        writer.add("key", text: try secrets.seal(privateKey, for: SecretPlace(.linkKey, of: place)))
        writer.add("port", number: port)
        writer.add("remote_key", text: remotePublicKey)
        writer.add("host", text: remoteEndpoint.host)
        writer.add("remote_port", number: remoteEndpoint.port)
        return writer.json
    }

    fileprivate init(
        _ object: WireObject,
        _ place: LanePlace,
        _ secrets: inout some SecretOpening
    ) throws(WireError) {
        self.init(
            privateKey: try secrets.open(
                try object.text("key"),
                for: SecretPlace(.linkKey, of: place)
            ),
            port: try object.integer("port"),
            remotePublicKey: try object.publicKey("remote_key"),
            remoteEndpoint: PublicEndpoint(
                host: try object.value("host"),
                port: try object.integer("remote_port")
            )
        )
    }
}

extension DistantLinkProvision {
    var written: JSONValue {
        var writer = WireWriter()
        writer.add("id", text: id)
        writer.add("network", text: networkID)
        writer.add("first", text: firstGatewayID)
        writer.add("second", text: secondGatewayID)
        writer.add("up", flag: isUp)
        return writer.json
    }

    init(_ object: WireObject) throws(WireError) {
        self.init(
            id: try object.value("id"),
            networkID: try object.value("network"),
            firstGatewayID: try object.value("first"),
            secondGatewayID: try object.value("second"),
            isUp: try object.flag("up")
        )
    }
}

extension LinkReport {
    var written: JSONValue {
        var writer = WireWriter()
        writer.add("id", text: id)
        writer.add("gateway", text: gatewayID)
        writer.add("state", text: state.rawValue)
        writer.add("via", text: viaGatewayID)
        writer.add("round_trip", number: roundTripMicroseconds)
        writer.add("loss", number: lossPercent)
        return writer.json
    }

    init(_ object: WireObject) throws(WireError) {
        self.init(
            id: try object.value("id"),
            gatewayID: try object.value("gateway"),
            state: try object.linkState(),
            viaGatewayID: try object.optional("via"),
            roundTripMicroseconds: try object.optionalInteger("round_trip"),
            // What a node says of itself is bounded where it is shown.
            lossPercent: (try object.optionalInteger("loss", Int.self)).map { min(max($0, 0), 100) }
        )
    }
}

extension WireObject {
    fileprivate func linkState() throws(WireError) -> LinkState {
        guard let state = LinkState(rawValue: try text("state")) else {
            throw .member("state")
        }
        return state
    }
}
