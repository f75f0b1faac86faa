import APIContract
import GatewayClient
import GatewayDeclaration
import GatewayDomain
import JSON
import PeerConfig

extension ServerState {
    /// Everything that a declaration may speak of.
    static func read(_ client: GatewayClient) async throws -> ServerState {
        var state = ServerState()
        try await state.addServices(client)
        try await state.add(.network, client.pages(of: .networks))
        try await state.add(.internetGateway, client.pages(of: .internetGateways))
        try await state.add(.gateway, client.pages(of: .gateways))
        try await state.add(.peer, client.pages(of: .peers))
        var regions: [String] = []
        for try await page in client.pages(of: .regions) { regions += page.map { $0.code } }
        state.choices[GatewayMembers.regionCode.name] = regions
        return state
    }

    /// Those of the config file are declared there.
    private mutating func addServices(_ client: GatewayClient) async throws {
        let services = try await client.all(.privateServices)
        otherNames[.service] = Set(services.filter { $0.source != .api }.map(\.name))
        for service in services where service.source == .api {
            guard case .object(let json) = service.json, let object = Self.Object(.service, json)
            else { continue }
            add(object)
        }
    }

    private mutating func add<Object: APIObject>(
        _ kind: DeclaredKind,
        _ pages: Pages<Object>
    ) async throws {
        for try await page in pages {
            for answer in page {
                guard case .object(let json) = answer.json, let object = Self.Object(kind, json)
                else { continue }
                add(object)
            }
        }
    }

    /// The preshared keys of peers: lists do not show them, configs do.
    mutating func readSecrets(of ids: [String], _ client: GatewayClient) async throws {
        var secrets: [String: JSONValue] = [:]
        for id in ids {
            let config = try await PeerConfigText.read(
                of: id,
                nil,
                client,
                query: [("peek", "true")]
            )
            secrets[id] = Self.presharedKey(in: config)
        }
        add(secrets: secrets, named: PeerMembers.presharedKeyRequest.name, of: .peer)
    }

    /// False for none, and nil where this caller may not see it.
    private static func presharedKey(in config: String) -> JSONValue? {
        guard let value = ConfigLine.value(of: "PresharedKey", in: config) else {
            return .bool(false)
        }
        return value == Placeholder.presharedKey ? nil : .string(value)
    }
}

/// A line of a peer's config.
enum ConfigLine {
    static func value(of key: String, in config: String) -> String? {
        for line in config.split(separator: "\n") where line.hasPrefix("\(key) = ") {
            return String(line.dropFirst(key.count + 3))
        }
        return nil
    }
}
