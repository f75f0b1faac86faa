import GatewayDomain
import JSON
import NetAddress
import WireGuardCrypto

// What a node has to carry, as objects of lines. Ids, keys and addresses are written as the API writes them.

extension GatewayProvision {
    func written(_ secrets: inout some SecretSealing) throws(WireError) -> JSONValue {
        var writer = WireWriter()
        writer.add("id", text: id)
        writer.add("network", text: networkID)
        writer.add("name", text: name)
        writer.add("key", text: try secrets.seal(privateKey, for: SecretPlace(.gatewayKey, of: id)))
        writer.add("port", number: port)
        writer.add("address", text: serverAddress)
        writer.add("subnet", text: subnet)
        writer.add("mtu", number: mtu)
        writer.add("egress", egress?.written)
        writer.add("standing", standing.written)
        writer.add("organization", text: organizationID)
        writer.add("limits", limits?.written)
        writer.add("organization_limits", organizationLimits?.written)
        return writer.json
    }

    init(_ object: WireObject, _ secrets: inout some SecretOpening) throws(WireError) {
        let id = try object.value("id", GatewayID.self)
        self.init(
            id: id,
            networkID: try object.value("network"),
            name: try object.optionalText("name"),
            privateKey: try secrets.open(
                try object.text("key"),
                for: SecretPlace(.gatewayKey, of: id)
            ),
            port: try object.integer("port"),
            serverAddress: try object.value("address") { try InterfaceAddress($0) },
            subnet: try object.value("subnet") { try IPv4Prefix($0) },
            mtu: try object.integer("mtu"),
            egress: try object.optionalObject("egress").map { egress throws(WireError) in
                try EgressProvision(egress)
            },
            standing: try GatewayStanding(try object.object("standing")),
            organizationID: try object.optional("organization"),
            limits: try LimitProvision.of("limits", in: object),
            organizationLimits: try LimitProvision.of("organization_limits", in: object)
        )
    }
}

extension EgressProvision {
    fileprivate var written: JSONValue {
        var writer = WireWriter()
        writer.add("range", text: mappedRange)
        writer.add("services", list: services.map(\.written))
        writer.add("reserved", texts: reserved)
        writer.add("internet", flag: hasInternet)
        return writer.json
    }

    fileprivate init(_ object: WireObject) throws(WireError) {
        self.init(
            mappedRange: object.has("range")
                ? try object.value("range") { try IPv4Prefix($0) } : nil,
            services: try object.objects("services").map { service throws(WireError) in
                try Service(service)
            },
            reserved: try object.values("reserved") { try IPv4Prefix($0) },
            hasInternet: try object.flag("internet")
        )
    }
}

extension EgressProvision.Service {
    var written: JSONValue {
        var writer = WireWriter()
        writer.add("prefix", text: prefix)
        writer.add("transport", text: transport?.rawValue)
        writer.add("ports", texts: ports)
        return writer.json
    }

    init(_ object: WireObject) throws(WireError) {
        var transport: TransportProtocol?
        if let word = try object.optionalText("transport") {
            transport = TransportProtocol(rawValue: word)
            // Never wider than was meant.
            guard transport != nil else { throw .member("transport") }
        }
        self.init(
            prefix: try object.value("prefix") { try IPv4Prefix($0) },
            transport: transport,
            ports: try object.values("ports")
        )
    }
}

extension GatewayStanding {
    var written: JSONValue {
        var writer = WireWriter()
        writer.add("status", text: status.rawValue)
        writer.add("reason", text: reason)
        writer.add("lacks_egress", flag: lacksEgress)
        return writer.json
    }

    init(_ object: WireObject) throws(WireError) {
        guard let status = InterfaceStatus(rawValue: try object.text("status")) else {
            throw .member("status")
        }
        self.init(
            status: status,
            reason: try object.optionalText("reason"),
            lacksEgress: try object.flag("lacks_egress")
        )
    }
}

extension PeerProvision {
    func written(_ secrets: inout some SecretSealing) throws(WireError) -> JSONValue {
        var writer = WireWriter()
        writer.add("id", text: id)
        writer.add("gateway", text: gatewayID)
        writer.add("key", text: publicKey)
        if let presharedKey {
            let place = SecretPlace(.presharedKey, of: id)
            writer.add("psk", text: try secrets.seal(presharedKey, for: place))
        }
        writer.add("address", text: address)
        writer.add("routes", texts: allowedIPs)
        writer.add("endpoint", text: lastEndpoint)
        writer.add("seen", number: lastSeen?.microseconds)
        writer.add("limits", limits?.written)
        return writer.json
    }

    init(_ object: WireObject, _ secrets: inout some SecretOpening) throws(WireError) {
        let id = try object.value("id", PeerID.self)
        var presharedKey: SecretKey?
        if let text = try object.optionalText("psk") {
            presharedKey = try secrets.open(text, for: SecretPlace(.presharedKey, of: id))
        }
        self.init(
            id: id,
            gatewayID: try object.value("gateway"),
            publicKey: try object.publicKey("key"),
            presharedKey: presharedKey,
            address: try object.value("address"),
            allowedIPs: try object.values("routes") { try IPPrefix($0) },
            lastEndpoint: try object.optional("endpoint"),
            lastSeen: try object.optionalInteger("seen").map(Timestamp.init(microseconds:)),
            limits: try LimitProvision.of("limits", in: object)
        )
    }
}
