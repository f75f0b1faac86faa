/// What an entry of the journal says: one object before and after.
package enum ObjectChange: Equatable, Sendable {
    case created(JournaledObject)
    case updated(from: JournaledObject, to: JournaledObject)
    case deleted(JournaledObject)

    package var operation: Event.Operation {
        switch self {
        case .created: .created
        case .updated: .updated
        case .deleted: .deleted
        }
    }

    /// The object in its newest state; for a deletion, in its last one.
    package var object: JournaledObject {
        switch self {
        case .created(let object), .updated(from: _, to: let object), .deleted(let object): object
        }
    }

    package var before: JournaledObject? {
        switch self {
        case .created: nil
        case .updated(from: let object, to: _), .deleted(let object): object
        }
    }

    package var after: JournaledObject? {
        switch self {
        case .created(let object), .updated(from: _, to: let object): object
        case .deleted: nil
        }
    }
}

/// An entry of the journal with its objects, in the transaction that writes it.
package struct CommittedEvent: Equatable, Sendable {
    package let revision: Int64
    package let change: ObjectChange

    package init(revision: Int64, change: ObjectChange) {
        self.revision = revision
        self.change = change
    }
}
