import APIContract
import GatewayDomain
import JSON

/// What a declaration may say about an object of one kind. It is made of the contracts of the API: what a
/// request for a new object takes can be declared, what the request for a change takes can be changed.
struct DeclaredForm: Sendable {
    /// A member that names the object which another one belongs to.
    struct ParentMember: Sendable {
        let kind: DeclaredKind
        /// In requests and answers, which have the id there.
        let wireName: String
    }

    struct Setting: Sendable {
        let name: String
        /// Whether a new object has to have it.
        let isRequired: Bool
        let isChangeable: Bool
        /// Whether answers show it. What they do not show is a secret, and is never printed.
        let isShown: Bool
        /// Whether null means a default that only the server knows, and not the absence of a value.
        let hasDefault: Bool
    }

    let noun: String
    let parent: ParentMember?
    /// In the order of the wire.
    let settings: [Setting]
    /// What the server alone sets, such as the time of creation.
    let answeredOnly: Set<String>
    /// The setting by which an object is found whose name is new, if there is one: no two objects of one
    /// parent have the same.
    let key: String?
    /// Settings that answers show in another form. The declaration of a server has that form.
    let derived: [String: @Sendable (JSONObject) -> JSONValue?]
    /// Secrets of which answers show the public half: that and the member that has it, of a declared value.
    let publicHalves: [String: @Sendable (JSONValue) -> (member: String, value: JSONValue)?]
    /// Settings that a new object begins with, and which go their own way from then on: they are neither compared
    /// nor written.
    let beginnings: Set<String>
    /// What a setting is where a request leaves it out, as far as an answer tells. The declaration of a server
    /// leaves it out, too: to ask for it may take an admin.
    let defaults: [String: @Sendable (JSONObject) -> JSONValue?]
    /// Settings that answers show and a request of its own makes true or false: what one object of a network at
    /// most is to the network.
    let parts: Set<String>
    /// Settings that list names of objects of another kind, which need not be of this file.
    let named: [String: DeclaredKind]
    /// Settings with what one object alone can have. An object that goes leaves it to one that comes.
    let exclusive: Set<String>
    let read: @Sendable (JSONObject) -> (taken: JSONObject, problems: [FieldProblem])

    init<New: APIRequest, Shown: APIObject>(
        _ noun: String,
        of parent: ParentMember? = nil,
        made _: New.Type,
        changed change: (any APIRequest.Type)?,
        shown _: Shown.Type,
        key: String? = nil,
        derived: [String: @Sendable (JSONObject) -> JSONValue?] = [:],
        publicHalves: [String: @Sendable (JSONValue) -> (member: String, value: JSONValue)?] = [:],
        defaults: [String: @Sendable (JSONObject) -> JSONValue?] = [:],
        beginnings: Set<String> = [],
        parts: Set<String> = [],
        named: [String: DeclaredKind] = [:],
        exclusive: Set<String> = []
    ) {
        let new = New.untyped
        let changeable = Set((change?.untyped.members ?? []).map(\.name))
        let shown = Set(Shown.contract.namesInEveryAnswer)
        let withoutNull = Set(Shown.contract.namesWithoutNull)
        self.noun = noun
        self.parent = parent
        let requested = new.members.filter { $0.name != parent?.wireName }.map { member in
            Setting(
                name: member.name,
                isRequired: !member.isOptional,
                isChangeable: changeable.contains(member.name),
                isShown: shown.contains(member.name) || derived[member.name] != nil,
                hasDefault: withoutNull.contains(member.name) || derived[member.name] != nil
            )
        }
        settings =
            requested
            + parts.sorted().map { name in
                Setting(
                    name: name,
                    isRequired: false,
                    isChangeable: true,
                    isShown: true,
                    hasDefault: false
                )
            }
        answeredOnly = shown.subtracting(settings.map(\.name))
        self.key = key
        self.derived = derived
        self.publicHalves = publicHalves
        self.defaults = defaults
        self.beginnings = beginnings
        self.parts = parts
        self.named = named
        self.exclusive = exclusive
        read = { body in
            var (taken, problems) = new.read(body)
            for part in parts.sorted() {
                switch body[part] {
                case nil: break
                case .null?, .bool(false)?: taken.add(part, .bool(false))
                case .bool(true)?: taken.add(part, .bool(true))
                default: problems.append(FieldProblem("/\(part)", .wrongType(expected: "boolean")))
                }
            }
            return (taken, problems)
        }
    }

    func setting(_ name: String) -> Setting? {
        settings.first { $0.name == name }
    }
}
