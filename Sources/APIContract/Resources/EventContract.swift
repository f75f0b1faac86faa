package import GatewayDomain
package import JSON
import OpenAPI

/// An entry of the journal as one reader sees it. What an operator did for a tenant is shown to the tenant
/// without the operator's key or name.
package struct EventAnswer: Sendable {
    package let entry: JournalEntry
    package let reader: Role

    package init(_ entry: JournalEntry, for reader: Role) {
        self.entry = entry
        self.reader = reader
    }

    fileprivate var actor: EventActor {
        switch entry.event.actor {
        case .system:
            EventActor(kind: .system)
        case .caller(let principal, let name, let owner)
        where owner == entry.event.organizationID:
            EventActor(kind: EventActor.Kind(principal), id: principal.id, name: name)
        case .caller(let principal, let name, _) where reader == .admin:
            EventActor(kind: .admin, id: principal.id, name: name)
        case .caller:
            EventActor(kind: .admin)
        }
    }
}

/// Who did something, as far as the reader may know.
package struct EventActor: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case apiKey = "api_key"
        case user
        case admin
        case system

        fileprivate init(_ principal: Principal) {
            switch principal.kind {
            case .apiKey: self = .apiKey
            case .user: self = .user
            }
        }
    }

    package let kind: Kind
    package let id: PrincipalID?
    package let name: String?

    fileprivate init(kind: Kind, id: PrincipalID? = nil, name: String? = nil) {
        self.kind = kind
        self.id = id
        self.name = name
    }
}

extension EventAnswer: APIObject {
    package static let contract = AnswerContract(
        "Event",
        "An event of the journal: one change of one object.",
        EventMembers()
    )

    /// Every word that `type` may be.
    package static let types = Event.ObjectType.allCases.flatMap { type in
        Event.Operation.allCases.map { "\(type.rawValue).\($0.rawValue)" }
    }
}

package struct EventMembers: AnswerMembers {
    package static let type = Member(
        "type",
        Codec<String>.text(oneOf: EventAnswer.types),
        "What happened: the kind of the object, a dot and what was done to it."
    )
    package static let occurredAt = Member(
        "occurred_at",
        Codec<Timestamp>.time,
        "The time at which the event happened."
    )
    package static let objectType = Member(
        "object_type",
        Codec<Event.ObjectType>.word,
        "The kind of the object that the event happened to."
    )
    package static let objectID = Member(
        "object_id",
        Codec<String>.text(example: "e5f1a7b2-6c4d-4f3e-9a8b-1c2d3e4f5a6b"),
        "The id of the object that the event happened to; of a region, its code; of limits, the id of what they limit."
    )

    package typealias Object = EventAnswer

    package let revision = AnswerMember(
        Member(
            "revision",
            Codec<Int64>.integer(in: 1...Int.max),
            "The place of the event in the journal, which grows with every event."
        ),
        \EventAnswer.entry.revision
    )
    package let recordType = AnswerMember<EventAnswer, String>(recordType: "event")
    package let type = AnswerMember(EventMembers.type) { (answer: EventAnswer) in
        "\(answer.entry.event.objectType.rawValue).\(answer.entry.event.operation.rawValue)"
    }
    package let occurredAt = AnswerMember(
        EventMembers.occurredAt,
        \EventAnswer.entry.event.occurredAt
    )
    package let organizationID = AnswerMember(
        Member(
            "organization_id",
            Codec<OrganizationID>.id(),
            "The id of the organization in whose journal the event stands."
        ),
        \EventAnswer.entry.event.organizationID
    )
    package let networkID = AnswerMember(
        nullable: Member<NetworkID>.networkID(of: "object").described(
            "The id of the network that the object belongs to, or is."
        ),
        \EventAnswer.entry.event.networkID
    )
    package let objectType = AnswerMember(
        word: EventMembers.objectType,
        \EventAnswer.entry.event.objectType
    )
    package let objectID = AnswerMember(
        EventMembers.objectID,
        \EventAnswer.entry.event.objectID
    )
    package let actor = AnswerMember(
        Member(
            "actor",
            Codec<Part<EventActor>>.inlinePart(of: EventActor.self),
            "Who caused the event, as far as its reader may know."
        )
    ) { (answer: EventAnswer) in .made(answer.actor) }
    package let requestID = AnswerMember(
        nullable: Member(
            "request_id",
            Codec<String>.text,
            "The id of the request that caused the event, or null if none did."
        ),
        \EventAnswer.entry.event.requestID
    )
    package let before = AnswerMember(
        Member(
            "before",
            Codec<JSONValue>.state,
            "The object before the event, without secrets, or null if it was created."
        )
    ) { (answer: EventAnswer) in answer.entry.event.before.map { .encoded($0) } ?? .null }
    package let after = AnswerMember(
        Member(
            "after",
            Codec<JSONValue>.state,
            "The object after the event, without secrets, or null if it was deleted."
        )
    ) { (answer: EventAnswer) in answer.entry.event.after.map { .encoded($0) } ?? .null }
}

extension EventActor: APIObject {
    package static let contract = AnswerContract(
        "EventActor",
        "Who caused an event of the journal.",
        EventActorMembers()
    )
}

package struct EventActorMembers: AnswerMembers {
    package typealias Object = EventActor

    package let kind = AnswerMember(
        word: Member(
            "type",
            Codec<EventActor.Kind>.word,
            "Whether a key or a user of the organization, the operator or the server itself acted."
        ),
        \EventActor.kind
    )
    package let id = AnswerMember(
        nullable: Member<PrincipalID>.id(of: "API key or user that acted"),
        \EventActor.id
    )
    package let name = AnswerMember(
        nullable: Member(
            "name",
            Codec<String>.text,
            "The name that the API key or user had at that time."
        ),
        \EventActor.name
    )
}

extension Codec<JSONValue> {
    /// An object that the journal keeps, as it stood in answers, or null.
    fileprivate static var state: Codec {
        let kinds = [
            Organization.contract.name, APIKeyAnswer.contract.name, UserAnswer.contract.name,
            SessionAnswer.contract.name, Network.contract.name,
            Gateway.contract.name, PeerAnswer.contract.name, PeerShareAnswer.contract.name,
            PeerConfigURLAnswer.contract.name, DefaultGateway.contract.name,
            InternetGateway.contract.name, PrivateService.contract.name,
            BackboneLink.contract.name, LimitSetting.contract.name,
            WebhookAnswer.contract.name,
        ]
        return Codec(
            schema: { .either($0, kinds.map { .named($0) } + [.null]) },
            encode: { $0 },
            decode: { (value, pointer) throws(FieldProblem) in
                switch value {
                case .object, .encoded, .null: return value
                default: throw FieldProblem(pointer, .wrongType(expected: "object or null"))
                }
            }
        )
    }
}
