import Glibc
package import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The server on its socket, to be run in a `ServiceGroup`. Whatever a client without credentials does
/// is bounded: connections, header bytes, and how long a connection may take over each phase.
package struct Listener: Service {
    /// Connections that the system keeps until they are accepted; it drops those beyond. A burst of one
    /// client must leave room for the others.
    private static let backlog = 4_096

    private let host: String
    private let port: Int
    package let application: Application<RouterResponder<EdgeContext>>

    /// - Parameters:
    ///   - port: 0 for any that is free.
    ///   - tls: nil for plain HTTP.
    ///   - writeRefusal: makes the body of the answer to what reaches no route.
    package init(
        router: Router<EdgeContext>,
        host: String,
        port: Int,
        tls: TLSFiles? = nil,
        connections: ConnectionTable,
        writeRefusal: @escaping Refusal.Writer,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws {
        self.host = host
        self.port = port
        let tlsConfiguration = tls?.configuration
        let builder = HTTPServerBuilder { responder in
            let http = LoopBoundChannel(
                HTTPConnection(
                    responder: responder,
                    table: connections,
                    writeRefusal: writeRefusal
                )
            )
            guard let tlsConfiguration else { return http }
            return try TLSChannel(http, tlsConfiguration: tlsConfiguration)
        }
        application = Application(
            router: router,
            server: builder,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                backlog: Self.backlog
            ),
            onServerRunning: { channel in
                try? await channel.eventLoop.submit {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptPause(connections, logger: logger),
                        position: .first
                    )
                }.get()
                await onListening(channel.localAddress?.port ?? port)
            },
            logger: logger
        )
    }

    /// Throws what `run` would for an address that cannot be had now, before anything else is done. It does not
    /// listen: clients would be turned away by a server that is about to be there.
    package static func check(host: String, port: Int) throws {
        let address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        let descriptor = socket(
            address.protocol.rawValue,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue),
            0
        )
        defer { close(descriptor) }
        var isReusing: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReusing, size)
        guard address.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) == 0 else {
            throw ListenError(IOError(errnoCode: errno, reason: "bind"), host: host, port: port)
        }
    }

    /// Returns after a graceful shutdown. Throws a `ListenError` when the address cannot be had.
    package func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw ListenError(error, host: host, port: port)
        }
    }
}

package enum ListenError: Error, Equatable {
    case addressInUse(host: String, port: Int)
    case addressNotHere(host: String, port: Int)
    case notPermitted(host: String, port: Int)
    case failed(host: String, port: Int, reason: String)

    init(_ error: IOError, host: String, port: Int) {
        self =
            switch error.errnoCode {
            case EADDRINUSE: .addressInUse(host: host, port: port)
            case EADDRNOTAVAIL: .addressNotHere(host: host, port: port)
            case EACCES, EPERM: .notPermitted(host: host, port: port)
            default: .failed(host: host, port: port, reason: "\(error)")
            }
    }
}

extension ListenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .addressInUse(let host, let port):
            "another program listens on \(host):\(port); stop it, or choose another address with --listen"
        case .addressNotHere(let host, let port):
            "cannot listen on \(host):\(port): this machine does not have that address"
        case .notPermitted(let host, let port):
            "not permitted to listen on \(host):\(port); choose a port above 1023"
        case .failed(let host, let port, let reason):
            "cannot listen on \(host):\(port): \(reason)"
        }
    }
}
