package import GatewayDomain
package import NetAddress

/// What is not as the operator may think who wrote the settings.
package enum InstallationNotice: Equatable, Sendable {
    case givenKeyIsRevoked(Timestamp)
    /// It is known, but its role, its restriction, its end or its organization stands in the way.
    case givenKeyIsNoAdmin(APIKeyID)
    case earlierKeyWorks(APIKeyID, since: Timestamp)
    /// It is known, but its row of the database cannot be read.
    case givenKeyIsDamaged
    /// Gateways name a private service that is neither in the settings nor made through the API.
    case serviceIsMissing(String, gateways: Int)
    /// Clients find the gateways at an address of a private service that was made through the API.
    case serviceHoldsEndpoint(String, IPv4Prefix, IPv4Address)
    /// The host name of the gateways could not be looked up, so that services were not judged by it.
    case endpointUnknown(PublicHost)
}

extension InstallationNotice: CustomStringConvertible {
    package var description: String {
        switch self {
        case .givenKeyIsRevoked(let time):
            """
            the API key of the settings was revoked at \(time) and stays revoked; set another one, or \
            leave the setting out
            """
        case .givenKeyIsNoAdmin(let id):
            """
            the API key of the settings is known as \(id), and is not a usable key of an admin; set \
            another one to have an admin's key made of it
            """
        case .givenKeyIsDamaged:
            """
            the API key of the settings is known, but its row of the database is damaged; set another \
            one to have an admin's key made of it
            """
        case .serviceIsMissing(let name, let count):
            """
            \(count == 1 ? "a gateway names" : "\(count) gateways name") the private service \(name), which the \
            server does not have for \(count == 1 ? "it" : "them"): put it back into private-services of the settings, or make it with wgw service \
            create; the gateways lead there as soon as it is back
            """
        case .serviceHoldsEndpoint(let name, let prefix, let address):
            """
            the private service \(name) has the prefix \(prefix), which contains \(address), where endpoint-address \
            leads: packets to the gateways go round in circles; change the service: wgw service update \(name) \
            --prefixes
            """
        case .endpointUnknown(let host):
            """
            endpoint-address \(host) could not be looked up, so that it was not checked whether a private service \
            holds its address, which would send packets to the gateways round in circles; it is checked at the next \
            start
            """
        case .earlierKeyWorks(let id, let time):
            """
            the API key \(id), which an earlier start made at \(time), still works beside the one of \
            the settings; if it should not, revoke it: DELETE /v2/api_keys/\(id)
            """
        }
    }
}
