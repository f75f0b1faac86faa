package import GatewayDomain
import GatewayStore

/// What the journal stores of an object: text in the form that callers read, without secrets.
package typealias JournalText = @Sendable (JournaledObject) -> String

/// Writes the journal's entries of one transaction, in that transaction: a change is never stored
/// without its entry, nor an entry without its change.
final class Journal {
    private static let unreadableID = "\(Identifier<JournaledObject>.substitute)"

    private let actor: Actor
    private let requestID: String?
    private let time: Timestamp
    private let text: JournalText
    private let db: any SQLConnection
    /// What was written, to be published after the commit.
    private(set) var events: [CommittedEvent] = []
    /// Whether rows were changed of which it has nothing to say.
    private(set) var hasLeftOut = false

    init(
        of actor: Actor,
        requestID: String?,
        at time: Timestamp,
        text: @escaping JournalText,
        in db: any SQLConnection
    ) {
        self.actor = actor
        self.requestID = requestID
        self.time = time
        self.text = text
        self.db = db
    }

    /// That of the entry which is written next.
    func nextRevision() throws(StoreError) -> Int64 {
        try Events.nextRevision(db)
    }

    func created(_ object: JournaledObject) throws(StoreError) {
        try append(.created(object))
    }

    func updated(
        _ before: JournaledObject,
        to after: JournaledObject
    ) throws(StoreError) {
        try append(.updated(from: before, to: after))
    }

    /// An object whose id cannot be read is left out: no reader could tell which one it was.
    func deleted(_ object: JournaledObject) throws(StoreError) {
        guard object.id != Self.unreadableID else {
            passOver()
            return
        }
        try append(.deleted(object))
    }

    /// For a change of rows that no follower has to hear of.
    func passOver() { hasLeftOut = true }

    private func append(_ change: ObjectChange) throws(StoreError) {
        let object = change.object
        let revision = try Events.append(
            Event(
                organizationID: organization(of: object),
                networkID: object.networkID,
                objectType: object.type,
                objectID: object.id,
                operation: change.operation,
                occurredAt: time,
                actor: actor,
                requestID: requestID,
                before: change.before.map(text),
                after: change.after.map(text)
            ),
            db
        )
        events.append(CommittedEvent(revision: revision, change: change))
    }

    /// The organization in whose journal the entry stands. What happens to an organization is the
    /// business of the one that manages it, as far as a caller did it.
    private func organization(of object: JournaledObject) -> OrganizationID {
        if case .organization = object, case .caller(_, name: _, of: let managing) = actor {
            return managing
        }
        return object.organizationID
    }
}
