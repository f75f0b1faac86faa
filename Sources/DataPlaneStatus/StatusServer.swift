import CLinux
package import DataPlane
import Glibc
import NetAddress
import Synchronization
import SystemIO
import WireGuardCrypto
import WireGuardEngine

/// A gateway of this process, by the name that an operator knows.
package struct NamedGateway: Sendable {
    package let name: String
    /// Nil for one that nothing but its process tells from others of its name.
    package let id: String?
    /// Under which the data plane has it.
    package let carried: DesiredGateway.ID

    /// - Parameter name: shown as a `visibleName`; nil for a gateway that has its id only.
    package init(
        name: String?,
        id: String? = nil,
        carried: DesiredGateway.ID
    ) {
        self.name = (name ?? id ?? "").visibleName
        self.id = id
        self.carried = carried
    }
}

/// Answers `wgw show`: one connection at a time, on a thread of its own, which waits for the workers
/// and for the client.
package final class StatusServer: Sendable {
    private let thread: Lock<[WorkerThread]>
    private let listening: Listening

    /// The listening socket, and the signal that ends the thread.
    private final class Listening: Sendable {
        let path: String
        let descriptor: Int32
        let poll: EventPoll
        let stopSignal: Int32
        let isStopping = Atomic<Bool>(false)

        /// Owns the descriptor from now on, also when it throws.
        init(path: String, descriptor: Int32) throws {
            self.path = path
            self.descriptor = descriptor
            stopSignal = clinux_eventfd()
            do {
                guard stopSignal >= 0 else {
                    throw StatusError("eventfd: \(String(cString: strerror(-stopSignal)))")
                }
                let poll = try EventPoll()
                try poll.add(descriptor, tag: 0)
                try poll.add(stopSignal, tag: 1)
                // Set last: until then a failure does not run `deinit`, and `catch` closes.
                self.poll = poll
            } catch {
                unlink(path)
                close(descriptor)
                close(stopSignal)
                throw error
            }
        }

        deinit {
            close(descriptor)
            close(stopSignal)
        }
    }

    /// - Parameter gateways: called for each connection, on the server's thread.
    package init(
        in directory: StatusDirectory,
        dataPlane: DataPlane,
        gateways: @escaping @Sendable () -> [NamedGateway]
    ) throws {
        try directory.prepare()
        let path = directory.socketPath(of: getpid())
        let descriptor = clinux_unix_listen(path)
        guard descriptor >= 0 else {
            throw StatusError("\(path): \(String(cString: strerror(-descriptor)))")
        }
        let listening = try Listening(path: path, descriptor: descriptor)
        self.listening = listening
        thread = Lock([])
        let answer = StatusAnswer(dataPlane: dataPlane, gateways: gateways)
        let started = try WorkerThread(named: "wgw-status", processor: nil) {
            Self.serve(listening, answer)
        }
        thread.withLock { $0 = [started] }
    }

    deinit { stop() }

    /// Returns when the socket is removed and the thread has ended. Idempotent.
    package func stop() {
        guard !listening.isStopping.exchange(true, ordering: .relaxed) else { return }
        _ = clinux_eventfd_signal(listening.stopSignal)
        // Also after a start that failed for lack of a thread.
        unlink(listening.path)
        let threads = thread.withLock { threads in
            defer { threads = [] }
            return threads
        }
        WorkerThread.join(threads)
    }

    /// Seconds in which a reader takes in what was written. Less than other readers wait in the queue
    /// behind it (`StatusClient.ask`).
    private static let patience: Int32 = 2

    private static func serve(_ listening: Listening, _ answer: StatusAnswer) {
        let tags = UnsafeMutablePointer<UInt64>.allocate(capacity: EventPoll.capacity)
        defer { tags.deallocate() }
        while !listening.isStopping.load(ordering: .relaxed) {
            _ = listening.poll.wait(untilNanoseconds: nil, into: tags)
            var user: UInt32 = .max
            let connection = clinux_unix_accept(listening.descriptor, patience, &user)
            guard connection >= 0 else {
                // Out of descriptors, the connection stays in the queue and the poll returns at once:
                // pause for a tenth of a second, or until the stop signal.
                _ = clinux_wait_readable(listening.stopSignal, 100)
                continue
            }
            // The socket's mode admits these users only; checked again, as a descriptor can be passed on.
            if user == 0 || user == getuid() { answer.write(to: connection) }
            close(connection)
        }
    }
}

/// The dump of all gateways, asked of the workers and written a slice of peers at a time.
private struct StatusAnswer: Sendable {
    let dataPlane: DataPlane
    let gateways: @Sendable () -> [NamedGateway]

    func write(to connection: Int32) {
        for gateway in gateways() {
            guard write(gateway, to: connection) else { return }
        }
    }

    /// False when the client has closed its connection.
    private func write(_ gateway: NamedGateway, to connection: Int32) -> Bool {
        var allowed: [PeerHandle: [String]] = [:]
        var slot: UInt32? = 0
        while let from = slot {
            // A gateway may be closed while it is shown: its peers end here.
            guard let slice = slice(of: gateway, from) else { return true }
            if from == 0 { allowed = Self.addresses(in: slice.state.view) }
            let interface = StatusDump.Interface(gateway, slice)
            var lines = from == 0 ? [interface.fields + [gateway.id].compactMap(\.self)] : []
            for peer in slice.state.peers {
                lines.append(StatusDump.Peer(peer, allowed: allowed[peer.report.peer] ?? []).fields)
            }
            let text = StatusColumn.text(lines, named: gateway.name)
            guard Self.write(text, to: connection) else { return false }
            slot = slice.state.nextSlot
        }
        return true
    }

    /// Waits for the worker.
    private func slice(of gateway: NamedGateway, _ slot: UInt32) -> GatewaySlice? {
        let handover = SliceHandover()
        dataPlane.inspect(gateway.carried, fromSlot: slot) { handover.fulfill($0) }
        return handover.wait()
    }

    private static func addresses(in view: NetworkView) -> [PeerHandle: [String]] {
        var addresses: [PeerHandle: [String]] = [:]
        for route in view.list {
            guard case .peer(let peer) = route.destination else { continue }
            addresses[peer, default: []].append("\(route.prefix)")
        }
        return addresses
    }

    private static func write(_ text: String, to connection: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var remaining = UnsafeRawBufferPointer(bytes)
            while !remaining.isEmpty {
                let count = send(
                    connection,
                    remaining.baseAddress,
                    remaining.count,
                    Int32(MSG_NOSIGNAL)
                )
                guard count > 0 else { return false }
                remaining = UnsafeRawBufferPointer(rebasing: remaining[count...])
            }
            return true
        }
    }
}

/// Passes a value from a worker to the thread that waits for it.
private final class SliceHandover: Sendable {
    private let state = Lock<GatewaySlice??>(nil)
    private let signal = clinux_eventfd()

    deinit { close(signal) }

    func fulfill(_ slice: GatewaySlice?) {
        state.withLock { $0 = .some(slice) }
        _ = clinux_eventfd_signal(signal)
    }

    func wait() -> GatewaySlice? {
        while true {
            if let slice = state.withLock({ $0 }) { return slice }
            _ = clinux_wait_readable(signal, 1_000)
        }
    }
}

extension StatusDump.Interface {
    fileprivate init(_ gateway: NamedGateway, _ slice: GatewaySlice) {
        self.init(
            name: gateway.name,
            id: gateway.id,
            privateKey: slice.state.privateKey.base64,
            publicKey: slice.state.publicKey.base64,
            port: "\(slice.port)",
            mark: "off"
        )
    }
}

extension StatusDump.Peer {
    fileprivate init(_ peer: PeerState, allowed: [String]) {
        let handshake = peer.report.latestHandshake.map { $0.nanoseconds / 1_000_000_000 }
        self.init(
            publicKey: peer.publicKey.base64,
            presharedKey: peer.presharedKey?.base64,
            endpoint: peer.report.endpoint.map { $0.text(zone: InterfaceNames.name) },
            allowedAddresses: allowed,
            latestHandshake: handshake ?? 0,
            receivedBytes: peer.report.receivedBytes,
            sentBytes: peer.report.sentBytes,
            keepalive: peer.persistentKeepalive == 0 ? nil : peer.persistentKeepalive
        )
    }
}
