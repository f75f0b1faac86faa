/// Which object an entry of the journal is about, as the parts of a process learn of it after the commit, whichever server on
/// the database made it.
package struct CommitNotice: Equatable, Sendable {
    package let revision: Int64
    package let objectType: Event.ObjectType
    package let objectID: String
    package let operation: Event.Operation
    /// Whether the object, a peer, may have another public key than before. Of what another server commits, only
    /// that is known.
    package let mayHaveNewKey: Bool

    package init(
        revision: Int64,
        objectType: Event.ObjectType,
        objectID: String,
        operation: Event.Operation,
        mayHaveNewKey: Bool
    ) {
        self.revision = revision
        self.objectType = objectType
        self.objectID = objectID
        self.operation = operation
        self.mayHaveNewKey = mayHaveNewKey
    }

    package init(_ event: CommittedEvent) {
        let object = event.change.object
        var hasNewKey = false
        if case .updated(from: .peer(let old, in: _), to: .peer(let new, in: _)) = event.change {
            hasNewKey = old.publicKey != new.publicKey
        }
        self.init(
            revision: event.revision,
            objectType: object.type,
            objectID: object.id,
            operation: event.change.operation,
            mayHaveNewKey: hasNewKey
        )
    }
}

/// What those learn who follow commits.
package enum CommitNews: Equatable, Sendable {
    /// In the order of their revisions.
    case changes([CommitNotice])
    /// The journal is not the one that was followed, or too much of it was missed: anything may have changed.
    case anything

    /// Nothing where anything may have changed.
    package var notices: [CommitNotice] {
        switch self {
        case .changes(let notices): notices
        case .anything: []
        }
    }
}
