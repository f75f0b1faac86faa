import Foundation
import FoundationNetworking

/// The HTTP API as a caller sees it.
struct APIClient: Sendable {
    let base: URL
    let key: String
    /// The organization that an admin acts for.
    private let organization: String?
    private let session: URLSession

    init(base: URL, key: String, organization: String? = nil) {
        self.base = base
        self.key = key
        self.organization = organization
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = patience / .seconds(1)
        session = URLSession(configuration: configuration)
    }

    struct Refusal: Error, CustomStringConvertible {
        let status: Int
        let body: String
        var description: String { "HTTP \(status): \(body)" }
    }

    func acting(for organization: String) -> APIClient {
        APIClient(base: base, key: key, organization: organization)
    }

    func createOrganization(_ name: String) async throws -> OrganizationRecord {
        try await send("POST", "organizations", ["name": name])
    }

    func createNetwork(_ name: String) async throws -> NetworkRecord {
        try await send("POST", "networks", ["name": name])
    }

    func network(_ id: String) async throws -> NetworkRecord {
        try await send("GET", "networks/\(id)")
    }

    /// An admin's.
    func createAPIKey(_ name: String) async throws -> APIKeyRecord {
        try await send("POST", "api_keys", ["name": name, "role": "admin"])
    }

    func createGateway(network: String, region: String = "local") async throws -> GatewayRecord {
        try await send(
            "POST",
            "wireguard_interfaces",
            ["network_id": network, "region_code": region]
        )
    }

    func gateway(_ id: String) async throws -> GatewayRecord {
        try await send("GET", "wireguard_interfaces/\(id)")
    }

    func deleteGateway(_ id: String) async throws -> GatewayRecord {
        try await send("DELETE", "wireguard_interfaces/\(id)")
    }

    func createPeer(gateway: String, name: String) async throws -> PeerRecord {
        try await send(
            "POST",
            "wireguard_peers",
            ["wireguard_interface_id": gateway, "name": name]
        )
    }

    func peer(_ id: String) async throws -> PeerRecord {
        try await send("GET", "wireguard_peers/\(id)")
    }

    func deletePeer(_ id: String) async throws -> PeerRecord {
        try await send("DELETE", "wireguard_peers/\(id)")
    }

    func config(ofPeer id: String) async throws -> String {
        String(decoding: try await body("GET", "wireguard_peers/\(id)/config"), as: UTF8.self)
    }

    /// The lines of `/metrics`.
    func metrics() async throws -> [Substring] {
        String(decoding: try await body("GET", "../metrics"), as: UTF8.self).split(separator: "\n")
    }

    private func send<Record: Decodable>(
        _ method: String,
        _ path: String,
        _ members: [String: String]? = nil
    ) async throws -> Record {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            Envelope<Record>.self,
            from: try await body(method, path, members)
        ).data
    }

    private func body(
        _ method: String,
        _ path: String,
        _ members: [String: String]? = nil
    ) async throws -> Data {
        var request = URLRequest(url: base.appending(path: path).standardized)
        request.httpMethod = method
        request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
        if let organization {
            request.setValue(organization, forHTTPHeaderField: "x-wgw-organization")
        }
        if let members {
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.httpBody = try JSONEncoder().encode(members)
        }
        let (data, response) = try await session.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else {
            throw Refusal(status: status, body: String(decoding: data, as: UTF8.self))
        }
        return data
    }
}

private struct Envelope<Record: Decodable>: Decodable {
    let data: Record
}

struct OrganizationRecord: Decodable {
    let id: String
}

struct APIKeyRecord: Decodable {
    let apiKey: String
}

struct NetworkRecord: Decodable {
    let id: String
}

struct GatewayRecord: Decodable, Equatable {
    let id: String
    let status: String
    let statusReason: String?
    let publicKey: String
    let endpoint: String
    let serverIpAddress: String
}

struct PeerRecord: Decodable {
    let id: String
    let publicKey: String
    let privateKey: String?
    let address: String
    let lastSeen: String?
    let latestHandshakeAt: String?
    let endpoint: String?
    let rxBytes: Int
    let txBytes: Int
}
