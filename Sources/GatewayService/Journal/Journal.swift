import GatewayBodies
import GatewayDomain
import GatewayStore

/// Writes down what is done, in the transaction that does it: neither is ever without the other.
struct Journal {
    private let actor: Actor
    private let requestID: String?
    private let time: Timestamp

    init(by caller: Caller, at time: Timestamp) {
        actor = caller.actor
        requestID = caller.requestID
        self.time = time
    }

    private init(systemAt time: Timestamp) {
        actor = .system
        requestID = nil
        self.time = time
    }

    static func system(at time: Timestamp) -> Journal {
        Journal(systemAt: time)
    }

    /// `network`: the one that the object belongs to, or is; nil for what belongs to none.
    func created(
        _ object: some Journaled,
        in network: NetworkID?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try append(.created, object, network, before: nil, after: object.eventBody, db)
    }

    func updated<Object: Journaled>(
        _ old: Object,
        _ new: Object,
        in network: NetworkID?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try append(.updated, new, network, before: old.eventBody, after: new.eventBody, db)
    }

    func deleted(
        _ object: some Journaled,
        in network: NetworkID?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try append(.deleted, object, network, before: object.eventBody, after: nil, db)
    }

    private func append<Object: Journaled>(
        _ operation: Event.Operation,
        _ object: Object,
        _ network: NetworkID?,
        before: JSONValue?,
        after: JSONValue?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        guard let owner = object.eventOrganizationID ?? home ?? OrganizationID(object.eventID)
        else { return }
        try Events.append(
            Event(
                organizationID: owner,
                networkID: network,
                objectType: Object.eventType,
                objectID: object.eventID,
                operation: operation,
                occurredAt: time,
                actor: actor,
                requestID: requestID,
                before: before?.encoded,
                after: after?.encoded
            ),
            db
        )
    }

    private var home: OrganizationID? {
        switch actor {
        case .system: nil
        case .key(_, _, let organization): organization
        }
    }
}
