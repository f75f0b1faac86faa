import GatewayDomain

/// Names one process among the servers on a database, and is another one after each start.
package struct ServerID: Hashable, Sendable {
    let text: String

    package static func random() -> ServerID {
        ServerID(text: "\(Identifier<ServerID>.random())")
    }
}
