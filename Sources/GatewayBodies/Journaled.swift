package import GatewayDomain
package import JSON

/// An object whose changes the journal keeps.
package protocol Journaled: Sendable {
    var eventSubject: EventSubject { get }
}

/// What an event says about its object.
package struct EventSubject: Sendable {
    package let type: Event.ObjectType
    package let id: String
    /// Whose it is. Nil for an organization, which is the business of those who manage it.
    package let organizationID: OrganizationID?
    /// As answers show it. It holds no secret.
    package let body: JSONValue

    init(
        _ type: Event.ObjectType,
        _ id: some CustomStringConvertible,
        of organizationID: OrganizationID?,
        _ body: JSONValue
    ) {
        self.type = type
        self.id = id.description
        self.organizationID = organizationID
        self.body = body
    }
}

extension Organization: Journaled {
    package var eventSubject: EventSubject { EventSubject(.organization, id, of: nil, json) }
}

extension APIKey: Journaled {
    package var eventSubject: EventSubject {
        EventSubject(.apiKey, id, of: organizationID, json())
    }
}

extension Network: Journaled {
    package var eventSubject: EventSubject { EventSubject(.network, id, of: organizationID, json) }
}

extension Gateway: Journaled {
    package var eventSubject: EventSubject { EventSubject(.gateway, id, of: organizationID, json) }
}

extension Peer: Journaled {
    package var eventSubject: EventSubject { EventSubject(.peer, id, of: organizationID, json()) }
}

extension DefaultGateway: Journaled {
    package var eventSubject: EventSubject {
        EventSubject(.defaultGateway, id, of: organizationID, json)
    }
}

extension InternetGateway: Journaled {
    package var eventSubject: EventSubject {
        EventSubject(.internetGateway, id, of: organizationID, json)
    }
}
