package import JSON

/// What it takes to make a server as a declaration says, in the order in which it can be done.
package struct Plan: Sendable {
    package struct Step: Sendable {
        package let kind: DeclaredKind
        /// Like `peer laptop of gateway berlin`.
        package let title: String
        package let name: String?
        package let action: Action
        /// Nil for what --prune deletes.
        let declared: DeclaredObject?
        /// Where the declaration says so.
        package var line: Int? { declared?.line }
        /// The titles of what is deleted with the object, in the order of their creation.
        var company: [String] = []

        /// What the server has against the step, at the place in the declaration; in line 0 where there is none.
        ///
        /// - Parameter pointer: into the body of the request; empty where all of it is meant.
        package func mistake(at pointer: String, refusedWith detail: String) -> Mistake {
            declared?.mistake(at: pointer, refusedWith: detail)
                ?? Mistake(
                    line: 0,
                    "\(title): \(detail.hasSuffix(".") ? String(detail.dropLast()) : detail)"
                )
        }
    }

    package enum Action: Sendable {
        case create(Creation)
        case change(id: String, [MemberChange])
        case delete(id: String)
    }

    package struct Creation: Sendable {
        /// Names the new object among those of the plan.
        package let place: Int
        package let settings: JSONObject
        package let owner: Owner?
        /// Whether a key has to be made for it.
        package let lacksKey: Bool
    }

    /// What a new object belongs to.
    package enum Owner: Sendable {
        case existing(id: String)
        /// One that an earlier step makes.
        case planned(place: Int)
    }

    package struct MemberChange: Sendable {
        package let name: String
        /// Nil where it is not known.
        let old: JSONValue?
        package let new: JSONValue
        let isSecret: Bool
    }

    /// A declared object without the public half of its key pair.
    package struct Keyless: Sendable {
        package let title: String
        package let name: String?
        package let line: Int
        /// Nil for one that is not there yet.
        package let id: String?
        package let publicKey: String?
    }

    package internal(set) var steps: [Step] = []
    /// Objects that are as they are declared.
    package internal(set) var unchanged = 0
    /// Objects that are not declared, although their section is, and remain.
    package internal(set) var kept: [Step] = []
    package internal(set) var keyless: [Keyless] = []
    /// Of objects that declare a secret which the state does not have: whether it has to be changed is
    /// known when it has been read.
    package internal(set) var idsWithUnknownSecrets: [String] = []
}

extension Plan {
    package func count(_ isCounted: (Action) -> Bool) -> Int {
        steps.count { isCounted($0.action) }
    }

    package var deletions: [Step] {
        steps.filter { step in
            if case .delete = step.action { true } else { false }
        }
    }
}

extension DeclaredKind {
    /// The body of a request that makes an object, whose owner has this id.
    package func request(_ creation: Plan.Creation, ownerID: String?) -> JSONObject {
        var body = creation.settings
        if let parent = form.parent, let ownerID { body.add(parent.wireName, .string(ownerID)) }
        return body
    }

    /// The member of answers that is the public half of a key pair.
    package var keyMember: String? { form.key }
}
