import APIContract
import GatewayClient
import GatewayDeclaration
import GatewayService
import JSON
import WireGuardCrypto

/// Asks the server what it has against the steps of a plan before the first of them is carried out: some rules only it
/// can judge, such as which addresses services may have and what others have taken.
enum PlanRehearsal {
    /// A body may be 1 MiB, and have 10 000 values.
    private static let mostBytes = 900_000
    private static let mostValues = 9_000

    /// What it has against single steps. Of a plan that is longer than a request may be, the last steps, which are
    /// those of peers and of deletions, are left to be judged when they are carried out.
    static func refusals(
        of plan: Plan,
        _ client: GatewayClient
    ) async throws -> [(step: Plan.Step, pointer: String, detail: String)] {
        var steps: [(planned: Plan.Step, rehearsed: NewRehearsal.Step)] = []
        var ids: [Int: String] = [:]
        var (bytes, values) = (0, 0)
        for planned in plan.steps.prefix(NewRehearsal.mostSteps) {
            guard let rehearsed = step(planned, &ids) else { continue }
            let text = JSONValue.object(rehearsed.body).encoded
            bytes += text.utf8.count + 200
            // A text has at most as many values as it has commas and colons.
            values += text.utf8.count { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ":") } + 6
            guard bytes < mostBytes, values < mostValues else { break }
            steps.append((planned, rehearsed))
        }
        guard !steps.isEmpty else { return [] }
        return try await client.rehearse(steps.map(\.rehearsed)).map {
            (steps[$0.step].planned, $0.pointer, $0.detail)
        }
    }

    /// Nil for a step that no request of these kinds makes.
    private static func step(_ planned: Plan.Step, _ ids: inout [Int: String]) -> NewRehearsal.Step?
    {
        let target = target(planned.kind)
        switch planned.action {
        case .create(let creation):
            let id = APICall.newIdempotencyKey()
            ids[creation.place] = id
            let owner: String? =
                switch creation.owner {
                case nil: nil
                case .existing(let id)?: id
                case .planned(let place)?: ids[place]
                }
            var body = planned.kind.request(creation, ownerID: owner).withoutParts
            if creation.lacksKey, let member = planned.kind.keyMember {
                // Any key that no other peer has.
                body.add(member, .string(KeyPair.random().publicKey.base64))
            }
            return NewRehearsal.Step(.create, target, id: id, body: body)
        case .change(let id, let changes):
            let body = JSONObject(changes.map { .init(name: $0.name, value: $0.new) }).withoutParts
            return body.members.isEmpty
                ? nil : NewRehearsal.Step(.update, target, id: id, body: body)
        case .delete(let id):
            return NewRehearsal.Step(.delete, target, id: id, body: JSONObject())
        }
    }

    private static func target(_ kind: DeclaredKind) -> NewRehearsal.Step.Target {
        switch kind {
        case .service: .services
        case .network: .networks
        case .internetGateway: .internetGateways
        case .gateway: .gateways
        case .peer: .peers
        }
    }
}

extension JSONObject {
    /// Without what takes a request of its own.
    fileprivate var withoutParts: JSONObject {
        JSONObject(members.filter { $0.name != PeerMembers.isDefaultGateway.name })
    }
}
