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
        case staged(PeerHandle, [UInt8])
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
        case .staged(_, let bytes), .handshake(let bytes, _): bytes.count
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
        case .handshake(var message, let pair):
            message.withUnsafeMutableBytes { bytes in
                guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    let kind = MessageKind(start, length: bytes.count)
                else { return }
                receiveHandshake(kind, start, on: gateway, from: pair, at: moment, into: &outgoing)
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

    /// Leaves a notice for the gateway's owner, which is another worker.
    mutating func notifyOwner(_ kind: OwnerNotice.Kind, of gateway: GatewayPointer) {
        notices.append(
            OwnerNotice(owner: gateway.pointee.owner, gateway: gateway.pointee.handle, kind: kind)
        )
    }

    /// The same with a copy of bytes. False when `maximumLeftBytes` is used up and they are dropped.
    mutating func notifyOwner(
        _ bytes: UnsafeRawBufferPointer,
        of gateway: GatewayPointer,
        as kind: ([UInt8]) -> OwnerNotice.Kind
    ) -> Bool {
        guard noticeBytes + bytes.count <= Self.maximumLeftBytes else { return false }
        noticeBytes += bytes.count
        notifyOwner(kind([UInt8](bytes)), of: gateway)
        return true
    }

    @inline(__always)
    func isOwner(of gateway: GatewayPointer) -> Bool { gateway.pointee.owner == number }
}
