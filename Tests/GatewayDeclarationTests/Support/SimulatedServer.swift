import GatewayDeclaration
import JSON
import TestSupport
import WireGuardCrypto

/// As much of a server as a plan sees: it makes, changes and deletes objects, and shows them.
struct SimulatedServer {
    private var random: SplitMix64
    private var answers: [(kind: DeclaredKind, id: String, json: JSONObject)] = []

    /// Preshared keys that were read, by the peer's id.
    var secrets: [String: JSONValue] = [:]

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    var state: ServerState {
        var state = ServerState()
        for (kind, _, json) in answers {
            guard let object = ServerState.Object(kind, json) else { continue }
            state.add(object)
        }
        state.add(secrets: secrets, named: "preshared_key", of: .peer)
        state.choices["region_code"] = ["local", "fra"]
        return state
    }

    var count: Int { answers.count }

    /// - Parameter limit: the number of steps after which it stops, as if it were killed.
    mutating func carryOut(_ plan: Plan, limit: Int = .max) {
        var ids: [Int: String] = [:]
        for step in plan.steps.prefix(limit) {
            switch step.action {
            case .create(let creation):
                let owner: String? =
                    switch creation.owner {
                    case nil: nil
                    case .existing(let id)?: id
                    case .planned(let place)?: ids[place]
                    }
                let id = add(step.kind, .object(step.kind.request(creation, ownerID: owner)))
                ids[creation.place] = id
                if creation.settings[Self.part] == .bool(true) {
                    set(Self.part, .bool(true), of: id)
                }
            case .change(let id, let changes):
                for change in changes { set(change.name, change.new, of: id) }
            case .delete(let id):
                answers.removeAll { answer in
                    answer.id == id || answer.json["wireguard_interface_id"] == .string(id)
                }
            }
        }
    }

    @discardableResult
    mutating func add(_ kind: DeclaredKind, _ body: JSONValue) -> String {
        guard case .object(let request) = body else { preconditionFailure("a body is an object") }
        let id = uuid()
        var json = JSONObject()
        json.add("id", .string(id))
        for (name, standard) in defaults(of: kind) {
            json.add(name, request[name] ?? standard)
        }
        for name in ["network_id", "wireguard_interface_id"] {
            if let value = request[name] { json.add(name, value) }
        }
        json.add("created_at", "2026-11-26T00:00:00Z")
        answers.append((kind, id, json))
        return id
    }

    private static let part = "is_default_gateway"

    private func member(_ name: String, of id: JSONValue?) -> JSONValue? {
        answers.first { .string($0.id) == id }?.json[name]
    }

    private func network(ofPeer id: String) -> JSONValue? {
        member("network_id", of: member("wireguard_interface_id", of: .string(id)))
    }

    /// A network has one default gateway at most.
    mutating func set(_ name: String, _ value: JSONValue, of id: String) {
        if name == Self.part, value == .bool(true) {
            let others = answers.filter {
                $0.kind == .peer && $0.id != id && network(ofPeer: $0.id) == network(ofPeer: id)
            }
            for other in others { set(name, .bool(false), of: other.id) }
        }
        for index in answers.indices where answers[index].id == id {
            answers[index].json.members = answers[index].json.members.map { member in
                member.name == name ? .init(name: name, value: value) : member
            }
        }
    }

    /// As if every peer had been heard from there.
    mutating func moveAll(to endpoint: String) {
        for answer in answers where answer.kind == .peer {
            set("endpoint", .string(endpoint), of: answer.id)
        }
    }

    private mutating func defaults(of kind: DeclaredKind) -> [(String, JSONValue)] {
        switch kind {
        case .service:
            [
                ("name", .null), ("description", .null), ("prefixes", []), ("protocol", .null),
                ("ports", []), ("regions", .null), ("allow_private_prefixes", .bool(false)),
            ]
        case .internetGateway: [("region_code", "local"), ("name", .null)]
        case .network: [("name", .null), ("address_block", "172.27.0.0/16")]
        case .gateway:
            [
                ("region_code", "local"), ("name", .null), ("enable_sip_trunking", .bool(false)),
                ("services", .null),
                ("subnet", .string("172.27.\(answers.count % 256).0/24")), ("mtu", .integer(1420)),
                ("persistent_keepalive", .null), ("status", "provisioned"),
                ("endpoint", "192.0.2.1:5000"), ("server_ip_address", "172.27.0.1/24"),
                ("public_key", .string(publicKey())),
            ]
        case .peer:
            [
                ("name", .null), ("public_key", .string(publicKey())),
                ("persistent_keepalive", .null), ("address", .string("172.27.0.\(answers.count)")),
                ("allowed_ips", []), ("endpoint", .null), (Self.part, .bool(false)),
            ]
        }
    }

    mutating func publicKey() -> String {
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        return bytes.withUnsafeBytes { X25519.publicKey(of: SecretKey($0)).base64 }
    }

    private mutating func uuid() -> String {
        let digits = (0..<32).map { _ in
            String(Int.random(in: 0...15, using: &random), radix: 16)
        }.joined()
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return text
    }
}
