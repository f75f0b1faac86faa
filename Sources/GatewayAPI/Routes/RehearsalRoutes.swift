import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// What a list of changes would be refused with.
struct RehearsalRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [Endpoint(.post, "rehearsals", .rehearseChanges, rehearse)]
    }

    private func rehearse(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let body = try await request.jsonObject()
        try controlPlane.requireRehearsal(by: context.caller)
        let steps = try Self.steps(of: NewRehearsal(body))
        let outcome = try await controlPlane.rehearse(
            Self.rehearsed(steps),
            by: context.caller
        )
        guard outcome.refusals.isEmpty else {
            let entries = outcome.refusals.flatMap { refusal in
                Problem(refusal.error).entries.map { $0.inStep(refusal.step) }
            }
            throw Problem(.unprocessableContent, entries)
        }
        return .object(Rehearsal(stepsCount: outcome.triedCount).json)
    }

    private static func steps(of request: NewRehearsal) throws -> [NewRehearsal.Step] {
        guard request.problems.isEmpty else { throw ServiceError.invalid(request.problems) }
        guard case .value(let fields) = request.steps.content else {
            throw ServiceError.invalid([FieldProblem("/steps", .missing)])
        }
        guard fields.count <= NewRehearsal.mostSteps else {
            let reason = FieldProblem.Reason.invalid("must have at most \(NewRehearsal.mostSteps)")
            throw ServiceError.invalid([FieldProblem("/steps", reason)])
        }
        return fields.compactMap { field in
            guard case .value(let step) = field.content else { return nil }
            return step
        }
    }

    private static func rehearsed(_ steps: [NewRehearsal.Step]) -> [RehearsedStep] {
        var made: Set<String> = []
        return steps.map { step in
            let words = step.body.members.compactMap { member in
                if case .string(let text) = member.value { text } else { nil }
            }
            let needs = made.intersection(words + (step.action == .create ? [] : [step.id]))
            if step.action == .create { made.insert(step.id) }
            return RehearsedStep(name: step.action == .create ? step.id : nil, needs: needs) {
                ids in
                try step.verb(ids)
            }
        }
    }
}

extension NewRehearsal.Step {
    /// - Parameter ids: of the objects that earlier steps have made, by what this one calls them.
    fileprivate func verb(_ ids: [String: String]) throws -> Verb<String> {
        let body = JSONObject(
            body.members.map { member in
                guard case .string(let text) = member.value, let id = ids[text] else {
                    return member
                }
                return JSONObject.Member(name: member.name, value: .string(id))
            }
        )
        let id = action == .create ? id : ids[id] ?? id
        return switch target {
        case .services: try service(id, body)
        case .networks: try network(id, body)
        case .internetGateways: try internetGateway(id, body)
        case .gateways: try gateway(id, body)
        case .peers: try peer(id, body)
        }
    }

    private func service(_ text: String, _ body: JSONObject) throws -> Verb<String> {
        switch action {
        case .create:
            Verb<PrivateService>.createPrivateService(NewPrivateService(body)).map { "\($0.id)" }
        case .update:
            try Verb<PrivateService>.updatePrivateService(Self.id(text), PrivateServiceChange(body))
                .map { "\($0.id)" }
        case .delete:
            try Verb<PrivateService>.deletePrivateService(Self.id(text)).map { "\($0.id)" }
        }
    }

    private func network(_ text: String, _ body: JSONObject) throws -> Verb<String> {
        switch action {
        case .create: Verb<Network>.createNetwork(NewNetwork(body)).map { "\($0.id)" }
        case .update:
            try Verb<Network>.renameNetwork(Self.id(text), NetworkChange(body)).map { "\($0.id)" }
        case .delete: try Verb<Network>.deleteNetwork(Self.id(text)).map { "\($0.id)" }
        }
    }

    private func internetGateway(_ text: String, _ body: JSONObject) throws -> Verb<String> {
        switch action {
        case .create:
            Verb<InternetGateway>.createInternetGateway(NewInternetGateway(body)).map { "\($0.id)" }
        case .update:
            throw ServiceError.invalid([
                FieldProblem("", .invalid("cannot be changed, only made and deleted"))
            ])
        case .delete:
            try Verb<InternetGateway>.deleteInternetGateway(Self.id(text)).map { "\($0.id)" }
        }
    }

    private func gateway(_ text: String, _ body: JSONObject) throws -> Verb<String> {
        switch action {
        case .create: Verb<Gateway>.createGateway(NewGateway(body)).map { "\($0.id)" }
        case .update:
            try Verb<Gateway>.updateGateway(Self.id(text), GatewayChange(body)).map { "\($0.id)" }
        case .delete: try Verb<Gateway>.rehearseGatewayDeletion(Self.id(text)).map { "\($0.id)" }
        }
    }

    private func peer(_ text: String, _ body: JSONObject) throws -> Verb<String> {
        switch action {
        case .create: Verb<CreatedPeer>.createPeer(NewPeer(body)).map { "\($0.peer.id)" }
        case .update:
            try Verb<CreatedPeer>.updatePeer(Self.id(text), PeerChange(body)).map {
                "\($0.peer.id)"
            }
        case .delete: try Verb<Peer>.deletePeer(Self.id(text)).map { "\($0.id)" }
        }
    }

    private static func id<Kind>(_ text: String) throws -> Identifier<Kind> {
        guard let id = Identifier<Kind>(text) else { throw ServiceError.notFound }
        return id
    }
}

extension ErrorEntry {
    /// The same about one step of several.
    fileprivate func inStep(_ index: Int) -> ErrorEntry {
        var pointer = "/steps/\(index)"
        if case .pointer(let inner)? = source { pointer += "/body\(inner)" }
        return ErrorEntry(code, title: title, detail, .pointer(pointer))
    }
}
