package import GatewayDomain
package import JSON
import OpenAPI

/// Changes that are tried, and not made.
package struct NewRehearsal: Sendable {
    package static let mostSteps = 500

    package var steps: Field<[Field<Step>]> = .absent

    package init() {}

    package struct Step: Sendable {
        package enum Action: String, CaseIterable, Sendable {
            case create
            case update
            case delete
        }

        package enum Target: String, CaseIterable, Sendable {
            case services = "private_services"
            case networks = "networks"
            case internetGateways = "public_internet_gateways"
            case gateways = "wireguard_interfaces"
            case peers = "wireguard_peers"
        }

        package let action: Action
        package let target: Target
        /// Of what is changed or deleted; of what is made, the word for it in later steps.
        package let id: String
        package let body: JSONObject

        package init(_ action: Action, _ target: Target, id: String, body: JSONObject) {
            self.action = action
            self.target = target
            self.id = id
            self.body = body
        }
    }
}

extension NewRehearsal: APIRequest {
    package static let contract = RequestContract<NewRehearsal>(
        "NewRehearsal",
        "Changes that are to be tried one after the other, and not made.",
        [.required(RehearsalMembers.steps, \.steps)]
    )
}

/// What was tried, where nothing was refused.
package struct Rehearsal: Equatable, Sendable {
    package let stepsCount: Int

    package init(stepsCount: Int) { self.stepsCount = stepsCount }
}

extension Rehearsal: APIObject {
    package static let contract = AnswerContract(
        "Rehearsal",
        "Changes that were tried, none of which would be refused.",
        RehearsalMembers()
    )
}

package struct RehearsalMembers: AnswerMembers {
    static let steps = Member(
        "steps",
        Codec<[Field<NewRehearsal.Step>]>.fields(
            of: .step,
            "One change, as the request that would make it says it."
        ),
        "The changes, at most \(NewRehearsal.mostSteps), in the order in which they would be made."
    )

    fileprivate static let stepAction = Member(
        "action",
        Codec<NewRehearsal.Step.Action>.word,
        "Whether the object is to be created, updated or deleted."
    )
    fileprivate static let stepTarget = Member(
        "resource",
        Codec<NewRehearsal.Step.Target>.word,
        "The path of the list that the object is in or would be in."
    )
    fileprivate static let stepID = Member(
        "id",
        Codec<String>.anyID,
        """
        The id of the object that is to be changed or deleted. For a new one, any id that no object has: later steps \
        name the new object by it, in their bodies and as their own `id`.
        """
    )
    fileprivate static let stepBody = Member(
        "body",
        Codec<JSONObject>.anyObject,
        "The body of the request that would create or update the object; `{}` to delete it."
    )

    package typealias Object = Rehearsal

    package let recordType = AnswerMember<Rehearsal, String>(recordType: "rehearsal")
    package let stepsCount = AnswerMember(
        Member(
            "steps_count",
            Codec<Int>.count,
            """
            The number of changes that were tried: the first ones of those in the request, and fewer than these where \
            the rest, such as the deletion of a gateway with thousands of peers, would keep other changes waiting.
            """
        ),
        \Rehearsal.stepsCount
    )
}

extension Codec<NewRehearsal.Step> {
    fileprivate static var step: Codec {
        Codec(
            schema: { description in
                .object(
                    description,
                    [
                        Schema.Property(
                            RehearsalMembers.stepAction.name,
                            RehearsalMembers.stepAction.schema,
                            isOptional: false
                        ),
                        Schema.Property(
                            RehearsalMembers.stepTarget.name,
                            RehearsalMembers.stepTarget.schema,
                            isOptional: false
                        ),
                        Schema.Property(
                            RehearsalMembers.stepID.name,
                            RehearsalMembers.stepID.schema,
                            isOptional: false
                        ),
                        Schema.Property(
                            RehearsalMembers.stepBody.name,
                            RehearsalMembers.stepBody.schema,
                            isOptional: false
                        ),
                    ]
                )
            },
            encode: { step in
                .object(
                    JSONObject([
                        .init(
                            name: RehearsalMembers.stepAction.name,
                            value: .string(step.action.rawValue)
                        ),
                        .init(
                            name: RehearsalMembers.stepTarget.name,
                            value: .string(step.target.rawValue)
                        ),
                        .init(name: RehearsalMembers.stepID.name, value: .string(step.id)),
                        .init(name: RehearsalMembers.stepBody.name, value: .object(step.body)),
                    ])
                )
            },
            decode: { (value, pointer) throws(FieldProblem) in
                guard case .object(let json) = value else {
                    throw FieldProblem(pointer, .wrongType(expected: "object"))
                }
                return NewRehearsal.Step(
                    try read(RehearsalMembers.stepAction, in: json, pointer),
                    try read(RehearsalMembers.stepTarget, in: json, pointer),
                    id: try read(RehearsalMembers.stepID, in: json, pointer),
                    body: try read(RehearsalMembers.stepBody, in: json, pointer)
                )
            }
        )
    }

    private static func read<Inner>(
        _ member: Member<Inner>,
        in json: JSONObject,
        _ pointer: String
    ) throws(FieldProblem) -> Inner {
        let place = pointer + member.pointer
        guard let value = json[member.name] else { throw FieldProblem(place, .missing) }
        return try member.codec.decodeRequested(value, place)
    }
}

extension Codec<JSONObject> {
    fileprivate static var anyObject: Codec {
        Codec(
            schema: { .object($0, [Schema.Property]()) },
            encode: { .object($0) },
            decode: { (value, pointer) throws(FieldProblem) in
                guard case .object(let object) = value else {
                    throw FieldProblem(pointer, .wrongType(expected: "object"))
                }
                return object
            }
        )
    }
}
