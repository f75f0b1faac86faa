/// What a worker that carries a gateway's packets leaves to the gateway's home, where peers,
/// handshakes and timers live. In the steady state there is none of it.
public struct HomeNotice: Sendable {
    enum Kind: Sendable {
        /// A peer has used the session that we made as responder.
        case confirmed(PeerHandle, session: UInt32)
        /// Somebody has a packet for a peer that has no session, or an old one.
        case sessionWanted(PeerHandle)
        /// A receiving initiator's session gets old, §6.2.
        case renewalWanted(PeerHandle, session: UInt32)
        /// A packet armed a timer.
        case wake(PeerHandle, at: Instant)
        /// An inner packet that waits for a session.
        case staged(PeerHandle, [UInt8])
        /// A handshake message that arrived at the wrong worker.
        case handshake([UInt8], Path)
    }

    /// The number of the worker that must hear it.
    public let home: Int
    let gateway: GatewayHandle
    let kind: Kind

    /// Bytes of others that it holds: what makes a queue of notices large.
    public var byteCount: Int {
        switch kind {
        case .staged(_, let bytes), .handshake(let bytes, _): bytes.count
        case .confirmed, .sessionWanted, .renewalWanted, .wake: 0
        }
    }
}

extension Engine {
    /// Handshake messages and staged packets that one batch may leave to other workers.
    static let maximumLeftBytes = 1 << 16

    /// What the batch left to other workers. The caller passes it on.
    public mutating func takeNotices() -> [HomeNotice] {
        defer {
            notices = []
            noticeBytes = 0
        }
        return notices
    }

    public var hasNotices: Bool { !notices.isEmpty }

    /// Another worker's notice about a gateway whose home this is. What it names may be gone.
    public mutating func take(
        _ notice: HomeNotice,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        reclaim()
        guard let gateway = find(notice.gateway) else { return }
        switch notice.kind {
        case .confirmed(let peer, let index):
            guard let peer = peers.find(peer), let session = gateway.pointee.sessions.find(index)
            else { return }
            confirm(session, of: peer, at: moment, into: &outgoing)
        case .sessionWanted(let peer):
            guard let peer = peers.find(peer) else { return }
            requestSession(with: peer, at: moment, into: &outgoing)
        case .renewalWanted(let peer, let index):
            guard let peer = peers.find(peer), let session = gateway.pointee.sessions.find(index)
            else { return }
            renewWhileReceiving(session, of: peer, at: moment, into: &outgoing)
        case .wake(let peer, let deadline):
            timers.push(TimerQueue.Wake(at: deadline, peer: peer))
        case .staged(let peer, let packet):
            guard let peer = peers.find(peer) else { return }
            packet.withUnsafeBytes { sendOrStage($0, for: peer, at: moment, into: &outgoing) }
        case .handshake(var message, let path):
            message.withUnsafeMutableBytes { bytes in
                guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    let kind = MessageKind(start, length: bytes.count)
                else { return }
                receiveHandshake(kind, start, on: gateway, from: path, at: moment, into: &outgoing)
            }
        }
    }

    /// A session may have come up while the packet was on its way.
    private mutating func sendOrStage(
        _ packet: UnsafeRawBufferPointer,
        for peer: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        if peer.pointee.currentSession?.pointee.maySend(at: moment.now) == true,
            let message = reserve(packet.count, in: &outgoing)
        {
            UnsafeMutableRawBufferPointer(
                start: message + TransportLayout.payload,
                count: packet.count
            ).copyMemory(from: packet)
            if sendNow(message, length: packet.count, to: peer, at: moment, into: &outgoing) {
                return
            }
        }
        stage(packet, for: peer)
        requestSession(with: peer, at: moment, into: &outgoing)
    }

    /// Leaves something to the gateway's home, which is another worker.
    mutating func leave(_ kind: HomeNotice.Kind, to gateway: GatewayPointer) {
        notices.append(
            HomeNotice(home: gateway.pointee.home, gateway: gateway.pointee.handle, kind: kind)
        )
    }

    /// The same for bytes, of which a batch leaves so many and no more. False when it was dropped.
    mutating func leave(
        _ bytes: UnsafeRawBufferPointer,
        to gateway: GatewayPointer,
        as kind: ([UInt8]) -> HomeNotice.Kind
    ) -> Bool {
        guard noticeBytes + bytes.count <= Self.maximumLeftBytes else { return false }
        noticeBytes += bytes.count
        leave(kind([UInt8](bytes)), to: gateway)
        return true
    }

    @inline(__always)
    func isHome(of gateway: GatewayPointer) -> Bool { gateway.pointee.home == number }
}
