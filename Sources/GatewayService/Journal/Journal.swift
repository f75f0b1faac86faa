import GatewayBodies
import GatewayDomain
import GatewayStore
import JSON

/// Writes down what is done, in the transaction that does it: neither is ever without the other.
struct Journal {
    private let actor: Actor
    /// In whose journal stands what belongs to no organization.
    private let home: OrganizationID
    private let requestID: String?
    let time: Timestamp

    init(by caller: Caller, at time: Timestamp) {
        actor = caller.actor
        home = caller.homeID
        requestID = caller.requestID
        self.time = time
    }

    private init(systemOf home: OrganizationID, at time: Timestamp) {
        actor = .system
        self.home = home
        requestID = nil
        self.time = time
    }

    /// For what the server does by itself.
    static func system(of organization: OrganizationID, at time: Timestamp) -> Journal {
        Journal(systemOf: organization, at: time)
    }

    /// `network`: the one that the object belongs to, or is; nil for what belongs to none.
    func created(
        _ object: some Journaled,
        in network: NetworkID?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try append(.created, object.eventSubject, in: network, before: nil, db)
    }

    func updated<Object: Journaled>(
        _ old: Object,
        _ new: Object,
        in network: NetworkID?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let before = old.eventSubject.body
        try append(.updated, new.eventSubject, in: network, before: before, db)
    }

    func deleted(
        _ object: some Journaled,
        in network: NetworkID?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let subject = object.eventSubject
        try append(.deleted, subject, in: network, before: subject.body, db)
    }

    private func append(
        _ operation: Event.Operation,
        _ subject: EventSubject,
        in network: NetworkID?,
        before: JSONValue?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try Events.append(
            Event(
                organizationID: subject.organizationID ?? home,
                networkID: network,
                objectType: subject.type,
                objectID: subject.id,
                operation: operation,
                occurredAt: time,
                actor: actor,
                requestID: requestID,
                before: before?.encoded,
                after: operation == .deleted ? nil : subject.body.encoded
            ),
            db
        )
    }
}
