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
        writer.add("way_out", wayOut?.written)
        writer.add("remote_way_out", remoteWayOut?.written)
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
            wayOut: try object.wayOut("way_out"),
            remoteWayOut: try object.wayOut("remote_way_out"),
            lanes: lanes,
            state: try object.linkState(),
            viaGatewayID: try object.optional("via")
        )
    }
}

extension LinkProvision.WayOut {
    fileprivate var written: JSONValue {
        var writer = WireWriter()
        writer.add("range", text: mappedRange)
        writer.add("services", list: services.map(\.written))
        writer.add("internet", flag: hasInternet)
        writer.add("reserved", texts: reserved)
        return writer.json
    }
}

extension WireObject {
    /// Nil where it is left out, as a server of an earlier version does.
    fileprivate func wayOut(_ name: String) throws(WireError) -> LinkProvision.WayOut? {
        guard let object = try optionalObject(name) else { return nil }
        return LinkProvision.WayOut(
            services: try object.objects("services").map { service throws(WireError) in
                try EgressProvision.Service(service)
            },
            mappedRange: object.has("range")
                ? try object.value("range") { try IPv4Prefix($0) } : nil,
            hasInternet: try object.flag("internet"),
            reserved: try object.values("reserved") { try IPv4Prefix($0) }
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
