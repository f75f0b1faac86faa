package import GatewayDomain
import Synchronization

/// The gateways that are open, for those who show them.
final class OpenGateways: Sendable {
    private let names = Mutex<[GatewayID: String?]>([:])

    func replace(with next: [GatewayID: String?]) { names.withLock { $0 = next } }

    /// In the order of their ids.
    var all: [OpenGateway] {
        names.withLock { $0 }.map { OpenGateway(id: $0.key, name: $0.value) }
            .sorted { $0.id < $1.id }
    }
}

/// A gateway whose sockets are open.
package struct OpenGateway: Sendable {
    package let id: GatewayID
    package let name: String?
}
