import GatewayAPI
import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import Testing

typealias TestMethod = HTTPRequest.Method

/// Speaks like a client of the API: sends the key, says what its bodies are.
struct TestClient: Sendable {
    let transport: any TestClientProtocol
    var key: String?

    func with(key: String?) -> TestClient {
        TestClient(transport: transport, key: key)
    }

    func get(_ path: String) async throws -> TestAnswer {
        try await send(.get, path)
    }

    func post(_ path: String, _ body: String) async throws -> TestAnswer {
        try await send(.post, path, Array(body.utf8))
    }

    func patch(_ path: String, _ body: String) async throws -> TestAnswer {
        try await send(.patch, path, Array(body.utf8))
    }

    /// As the vendor's SDK does it: with a media type and without a body.
    func delete(_ path: String) async throws -> TestAnswer {
        try await send(.delete, path)
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: [UInt8]? = nil,
        mediaType: String? = "application/json",
        headers: HTTPFields = [:]
    ) async throws -> TestAnswer {
        var headers = headers
        if let key { headers[.authorization] = "Bearer \(key)" }
        if let mediaType { headers[.contentType] = mediaType }
        let response = try await transport.execute(
            uri: path,
            method: method,
            headers: headers,
            body: body.map { ByteBuffer(bytes: $0) }
        )
        return TestAnswer(
            status: response.status.code,
            headers: response.headers,
            text: String(buffer: response.body)
        )
    }

    func network(_ body: String = #"{"name":"n"}"#) async throws -> String {
        try await post("/v2/networks", body).created(200)
    }

    func gateway(in network: String, _ members: String = "") async throws -> String {
        try await post(
            "/v2/wireguard_interfaces",
            #"{"network_id":"\#(network)","region_code":"ashburn-va"\#(members)}"#
        ).created(202)
    }

    /// One that no machine has joined.
    func node(_ name: String, _ members: String = "") async throws -> String {
        try await post(
            "/v2/nodes",
            #"{"name":"\#(name)","regions":["local"],"endpoint_address":"192.0.2.9"\#(members)}"#
        ).created(200)
    }

    /// Nothing is sent to it.
    func webhook(_ events: String = #"["network.*"]"#) async throws -> String {
        try await post(
            "/v2/webhooks",
            #"{"name":"alerts","url":"https://example.com/wgw","events":\#(events)}"#
        ).created(200)
    }

    func peer(of gateway: String, _ members: String = "") async throws -> String {
        try await post(
            "/v2/wireguard_peers",
            #"{"wireguard_interface_id":"\#(gateway)"\#(members)}"#
        ).created(202)
    }

    /// Everything that a caller can see, to compare before and after.
    func everything() async throws -> [String] {
        var texts: [String] = []
        for list in [
            "networks", "wireguard_interfaces", "wireguard_peers", "public_internet_gateways",
        ] {
            texts.append(try await get("/v2/\(list)?page[size]=250").text)
        }
        return texts
    }
}

struct TestAnswer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    var json: JSONValue {
        get throws { try JSONParser.parse(Array(text.utf8)) }
    }

    var data: JSONValue {
        get throws { try #require(try json["data"]) }
    }

    /// The id of the object that was made.
    func created(_ status: Int) throws -> String {
        #expect(self.status == status, "\(text)")
        return try #require(try data["id"]?.text)
    }

    /// `errors[]` as "code pointer" or "code parameter", in the order of the answer.
    var problems: [String] {
        get throws {
            guard case .array(let errors)? = try json["errors"] else { return [] }
            return errors.map { error in
                let source = error["source"]
                let place = source?["pointer"]?.text ?? source?["parameter"]?.text
                return [error["code"]?.text, place].compactMap(\.self).joined(separator: " ")
            }
        }
    }
}

extension JSONValue {
    subscript(name: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[name]
    }

    subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else {
            return nil
        }
        return elements[index]
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var count: Int? {
        guard case .array(let elements) = self else { return nil }
        return elements.count
    }

    var names: [String] {
        guard case .object(let object) = self else { return [] }
        return object.members.map(\.name)
    }
}
