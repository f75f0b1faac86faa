package import HubRuntime
package import NetAddress
import SystemIO
package import WireGuardCrypto

/// Where the gateways of a file are at the start.
package enum EndpointLookup {
    /// Names are looked up; one that is not found is left to the hub, unless none is.
    package static func all(
        of configuration: HubConfiguration
    ) throws(ConnectError) -> [PublicKey: Endpoint] {
        var found: [PublicKey: Endpoint] = [:]
        var failure: String?
        for peer in configuration.peers {
            switch peer.endpoint {
            case .address(let endpoint): found[peer.publicKey] = endpoint
            case .name(let name, let port):
                do throws(NameLookupError) {
                    var endpoint = try NameLookup.endpoint(of: name)
                    endpoint.port = port
                    found[peer.publicKey] = endpoint
                } catch {
                    failure = "\(name) is not found: \(error.reason)"
                }
            case .nowhere, nil: break
            }
        }
        if found.isEmpty, let failure { throw ConnectError(failure) }
        return found
    }
}
