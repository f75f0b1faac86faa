package import GatewayDomain

/// An object whose changes the journal keeps.
package protocol Journaled: Sendable {
    static var eventType: Event.ObjectType { get }
    var eventID: String { get }
    /// Whose it is. Nil for an organization, which is the business of those who manage it.
    var eventOrganizationID: OrganizationID? { get }
    /// As answers show it. It holds no secret.
    var eventBody: JSONValue { get }
}

extension Organization: Journaled {
    package static var eventType: Event.ObjectType { .organization }
    package var eventID: String { id.description }
    package var eventOrganizationID: OrganizationID? { nil }
    package var eventBody: JSONValue { json }
}

extension APIKey: Journaled {
    package static var eventType: Event.ObjectType { .apiKey }
    package var eventID: String { id.description }
    package var eventOrganizationID: OrganizationID? { organizationID }
    package var eventBody: JSONValue { json() }
}

extension Network: Journaled {
    package static var eventType: Event.ObjectType { .network }
    package var eventID: String { id.description }
    package var eventOrganizationID: OrganizationID? { organizationID }
    package var eventBody: JSONValue { json }
}

extension Gateway: Journaled {
    package static var eventType: Event.ObjectType { .gateway }
    package var eventID: String { id.description }
    package var eventOrganizationID: OrganizationID? { organizationID }
    package var eventBody: JSONValue { json }
}

extension Peer: Journaled {
    package static var eventType: Event.ObjectType { .peer }
    package var eventID: String { id.description }
    package var eventOrganizationID: OrganizationID? { organizationID }
    package var eventBody: JSONValue { json() }
}

extension DefaultGateway: Journaled {
    package static var eventType: Event.ObjectType { .defaultGateway }
    package var eventID: String { id.description }
    package var eventOrganizationID: OrganizationID? { organizationID }
    package var eventBody: JSONValue { json }
}

extension InternetGateway: Journaled {
    package static var eventType: Event.ObjectType { .internetGateway }
    package var eventID: String { id.description }
    package var eventOrganizationID: OrganizationID? { organizationID }
    package var eventBody: JSONValue { json }
}
