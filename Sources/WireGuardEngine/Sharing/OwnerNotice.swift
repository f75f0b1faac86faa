/// What a worker that carries a gateway's packets asks of the gateway's owner, which alone changes
/// peers, handshakes and timers. Needed once per session or timer, not once per packet.
public struct OwnerNotice: Sendable {
    enum Kind: Sendable {
        /// A peer has used the session that we made as responder.
        case confirmed(PeerHandle, session: UInt32)
        /// A packet is to be sent to a peer whose session is old, §6.2.
        case sessionWanted(PeerHandle)
        /// A receiving initiator's session gets old, §6.2.
        case renewalWanted(PeerHandle, session: UInt32)
        /// A packet armed a timer.
        case wake(PeerHandle, at: Instant)
        /// An inner packet that waits for a session.
        case staged(PeerHandle, [UInt8], TrafficKind?)
        /// A handshake message that arrived at another worker than the owner.
        case handshake([UInt8], AddressPair)
    }

    /// The number of the worker that it is for.
    public let owner: Int
    let gateway: GatewayHandle
    let kind: Kind

    /// Payload bytes copied from the network; `WorkerInbox` bounds their sum.
    public var byteCount: Int {
        switch kind {
        case .staged(_, let bytes, _), .handshake(let bytes, _): bytes.count
        case .confirmed, .sessionWanted, .renewalWanted, .wake: 0
        }
    }
}

extension Engine {
    /// How many bytes of handshake messages and staged packets one batch may pass to other workers.
    static let maximumLeftBytes = 1 << 16

    /// The notices of the batch, which the caller passes on to their owners.
    public mutating func drainNotices() -> [OwnerNotice] {
        defer {
            notices = []
            noticeBytes = 0
        }
        return notices
    }

    public var hasNotices: Bool { !notices.isEmpty }

    /// Another worker's notice about a gateway that this engine owns. What it names may be gone.
    public mutating func receive(
        _ notice: OwnerNotice,
        in turn: inout Turn
    ) {
        reclaim()
        guard let gateway = find(notice.gateway) else { return }
        perform(notice.kind, on: gateway, in: &turn)
    }

    /// Of a gateway that this engine owns.
    mutating func perform(
        _ kind: OwnerNotice.Kind,
        on gateway: GatewayPointer,
        in turn: inout Turn
    ) {
        switch kind {
        case .confirmed(let peer, let index):
            guard let peer = peers.find(peer), let session = gateway.pointee.sessions.find(index)
            else { return }
            confirm(session, of: peer, in: &turn)
        case .sessionWanted(let peer):
            guard let peer = peers.find(peer) else { return }
            requestSession(with: peer, in: &turn)
        case .renewalWanted(let peer, let index):
            guard let peer = peers.find(peer), let session = gateway.pointee.sessions.find(index)
            else { return }
            renewWhileReceiving(session, of: peer, in: &turn)
        case .wake(let peer, let deadline):
            timers.push(TimerQueue.Wake(at: deadline, peer: peer))
        case .staged(let peer, let packet, let kind):
            guard let peer = peers.find(peer) else { return }
            // A session may have come up while the packet was on its way.
            let reason = packet.withUnsafeBytes {
                sendOrStage($0, as: kind, for: peer, in: &turn)
            }
            if let reason { gateway.recordDrop(reason) }
        case .handshake(var message, let pair):
            message.withUnsafeMutableBytes { bytes in
                guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    let kind = MessageKind(start, length: bytes.count)
                else { return }
                receiveHandshake(kind, start, on: gateway, from: pair, in: &turn)
            }
        }
    }

    /// Leaves a notice for the gateway's owner, which is another worker.
    mutating func leave(_ kind: OwnerNotice.Kind, forOwnerOf gateway: GatewayPointer) {
        notices.append(
            OwnerNotice(owner: gateway.pointee.owner, gateway: gateway.handle, kind: kind)
        )
    }

    /// The same with a copy of bytes. False when `maximumLeftBytes` is used up and they are dropped.
    mutating func leave(
        _ bytes: UnsafeRawBufferPointer,
        forOwnerOf gateway: GatewayPointer,
        as kind: ([UInt8]) -> OwnerNotice.Kind
    ) -> Bool {
        guard noticeBytes + bytes.count <= Self.maximumLeftBytes else { return false }
        noticeBytes += bytes.count
        leave(kind([UInt8](bytes)), forOwnerOf: gateway)
        return true
    }

    @inline(__always)
    func isOwner(of gateway: GatewayPointer) -> Bool { gateway.pointee.owner == number }
}
