package import Foundation
import FoundationNetworking
import TestSupport

/// The HTTP API as a caller sees it.
package struct APIClient: Sendable {
    package let base: URL
    package let key: String
    /// The organization that an admin acts for.
    private let organization: String?
    private let session: URLSession

    package init(base: URL, key: String, organization: String? = nil) {
        self.base = base
        self.key = key
        self.organization = organization
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = patience / .seconds(1)
        session = URLSession(configuration: configuration)
    }

    package struct Refusal: Error, CustomStringConvertible {
        package let status: Int
        package let body: String
        package var description: String { "HTTP \(status): \(body)" }
    }

    package func acting(for organization: String) -> APIClient {
        APIClient(base: base, key: key, organization: organization)
    }

    package func createOrganization(_ name: String) async throws -> OrganizationRecord {
        try await send("POST", "organizations", ["name": name])
    }

    package func createNetwork(_ name: String) async throws -> NetworkRecord {
        try await send("POST", "networks", ["name": name])
    }

    package func network(_ id: String) async throws -> NetworkRecord {
        try await send("GET", "networks/\(id)")
    }

    /// An admin's.
    package func createAPIKey(_ name: String) async throws -> APIKeyRecord {
        try await send("POST", "api_keys", ["name": name, "role": "admin"])
    }

    package func createGateway(
        network: String,
        region: String = "local",
        name: String? = nil
    ) async throws -> GatewayRecord {
        var members = ["network_id": network, "region_code": region]
        members["name"] = name
        return try await send("POST", "wireguard_interfaces", members)
    }

    package func gateway(_ id: String) async throws -> GatewayRecord {
        try await send("GET", "wireguard_interfaces/\(id)")
    }

    package func setMTU(ofGateway id: String, to mtu: Int) async throws -> GatewayRecord {
        try await send("PATCH", "wireguard_interfaces/\(id)", ["mtu": mtu])
    }

    package func deleteGateway(_ id: String) async throws -> GatewayRecord {
        try await send("DELETE", "wireguard_interfaces/\(id)")
    }

    package func createPeer(gateway: String, name: String) async throws -> PeerRecord {
        try await send(
            "POST",
            "wireguard_peers",
            ["wireguard_interface_id": gateway, "name": name]
        )
    }

    /// Without a keepalive a peer is silent until it has something to send.
    package func setKeepalive(_ seconds: Int, ofPeer id: String) async throws -> PeerRecord {
        try await send("PATCH", "wireguard_peers/\(id)", ["persistent_keepalive": seconds])
    }

    package func diagnosis(ofPeer id: String) async throws -> DiagnosisRecord {
        try await send("GET", "wireguard_peers/\(id)/diagnosis")
    }

    package func explanation(
        network: String,
        from: String,
        to: String
    ) async throws -> ExplanationRecord {
        try await send("GET", "networks/\(network)/explanation", query: ["from": from, "to": to])
    }

    package func peer(_ id: String) async throws -> PeerRecord {
        try await send("GET", "wireguard_peers/\(id)")
    }

    package func deletePeer(_ id: String) async throws -> PeerRecord {
        try await send("DELETE", "wireguard_peers/\(id)")
    }

    package func share(peer id: String) async throws -> PeerShareRecord {
        try await send("POST", "wireguard_peers/\(id)/shares", [:] as [String: String])
    }

    package func config(
        ofPeer id: String,
        format: String = "wg-quick"
    ) async throws -> String {
        let path = "wireguard_peers/\(id)/config"
        let text = try await body("GET", path, query: ["format": format])
        return String(decoding: text, as: UTF8.self)
    }

    /// Those of all networks, the oldest first.
    package func backboneLinks() async throws -> [BackboneLinkRecord] {
        try await send("GET", "backbone_links")
    }

    /// Sums of usage, of this month where no hours are named.
    package func usage(
        by groups: String,
        from: String? = nil,
        to: String? = nil
    ) async throws -> [UsageRecord] {
        var query = ["group_by": groups, "page[size]": "250"]
        query["from"] = from
        query["to"] = to
        return try await send("GET", "usage", query: query)
    }

    /// The lines of `/metrics`.
    package func metrics() async throws -> [Substring] {
        String(decoding: try await body("GET", "../metrics"), as: UTF8.self).split(separator: "\n")
    }

    /// The answer as it is, for what has no record here.
    package func read(_ path: String) async throws -> Data { try await body("GET", path) }

    private func send<Record: Decodable>(
        _ method: String,
        _ path: String,
        _ members: (any Encodable)? = nil,
        query: [String: String] = [:]
    ) async throws -> Record {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            Envelope<Record>.self,
            from: try await body(method, path, members, query: query)
        ).data
    }

    private func body(
        _ method: String,
        _ path: String,
        _ members: (any Encodable)? = nil,
        query: [String: String] = [:]
    ) async throws -> Data {
        let items = query.map { URLQueryItem(name: $0.key, value: $0.value) }
        let url = base.appending(path: path).standardized
        var request = URLRequest(url: items.isEmpty ? url : url.appending(queryItems: items))
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

package struct OrganizationRecord: Decodable {
    package let id: String
}

package struct APIKeyRecord: Decodable {
    package let apiKey: String
}

package struct NetworkRecord: Decodable {
    package let id: String
}

package struct GatewayRecord: Decodable, Equatable {
    package let id: String
    package let networkId: String
    package let status: String
    package let statusReason: String?
    package let publicKey: String
    package let endpoint: String
    package let serverIpAddress: String
    package let egressRxBytes: Int
    package let egressTxBytes: Int
}

package struct BackboneLinkRecord: Decodable {
    package let id: String
    package let networkId: String
    package let state: String
    package let roundTripUs: Int?
    package let ends: [End]

    package struct End: Decodable {
        package let regionCode: String
        package let state: String
        package let viaWireguardInterfaceId: String?
    }

    /// The codes of both regions, in their order.
    package var regions: [String] { ends.map(\.regionCode).sorted() }
}

package struct UsageRecord: Decodable, Sendable {
    package let peerId: String?
    package let wireguardInterfaceId: String?
    package let kind: String?
    package let rxPackets: Int
    package let rxBytes: Int
    package let txPackets: Int
    package let txBytes: Int
}

package struct PeerShareRecord: Decodable {
    package let url: String
}

package struct DiagnosisRecord: Decodable, Sendable {
    package let severity: String
    package let findings: [FindingRecord]

    package func finding(_ code: String) -> FindingRecord? { findings.first { $0.code == code } }
}

package struct FindingRecord: Decodable, Sendable {
    package let code: String
    package let severity: String
    package let certainty: String
    package let message: String
    package let nextStep: String?
    package let source: String?
}

package struct ExplanationRecord: Decodable, Sendable {
    package let outcome: String
    package let steps: [Step]

    package struct Step: Decodable, Sendable {
        package let step: String
        package let outcome: String
    }

    package var failed: [String] { steps.filter { $0.outcome == "failed" }.map(\.step) }
}

package struct PeerRecord: Decodable {
    package let id: String
    package let publicKey: String
    package let privateKey: String?
    package let address: String
    package let lastSeen: String?
    package let latestHandshakeAt: String?
    package let endpoint: String?
    package let rxBytes: Int
    package let txBytes: Int
    package let egressRxBytes: Int
    package let egressTxBytes: Int
    package let configRevision: Int
    package let configState: String
}
