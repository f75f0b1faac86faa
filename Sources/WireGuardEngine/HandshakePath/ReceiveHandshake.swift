import NetAddress
import Synchronization
import WireGuardCrypto

/// Where handshake messages arrive. Cheap checks come first: nothing here costs a curve operation
/// before `mac1` has shown that the sender knows whom it talks to.
extension Engine {
    mutating func receiveHandshake(
        _ kind: MessageKind,
        _ message: UnsafeMutablePointer<UInt8>,
        on gateway: GatewayPointer,
        from pair: AddressPair,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let result: DropReason?
        switch kind {
        case .initiation:
            result =
                admit(
                    message,
                    mac1: InitiationLayout.mac1,
                    mac2: InitiationLayout.mac2,
                    on: gateway,
                    from: pair,
                    at: moment.now,
                    into: &outgoing
                )
                ?? consumeInitiation(message, on: gateway, from: pair, at: moment, into: &outgoing)
        case .response:
            result =
                admit(
                    message,
                    mac1: ResponseLayout.mac1,
                    mac2: ResponseLayout.mac2,
                    on: gateway,
                    from: pair,
                    at: moment.now,
                    into: &outgoing
                )
                ?? consumeResponse(message, on: gateway, from: pair, at: moment, into: &outgoing)
        case .cookieReply:
            result = consumeCookieReply(message, on: gateway, at: moment.now)
        case .transport:
            result = .malformedMessage
        }
        guard let result else { return }
        gateway.pointee.drops.record(result)
        if kind == .initiation, result == .badMAC1 {
            gateway.pointee.strangers.heard(.wrongGatewayKey, from: pair.remote, at: moment)
        }
    }

    /// Only the owner handles handshakes: a message that arrived at another worker is copied to it.
    @inline(never)
    mutating func passHandshakeToOwner(
        _ message: UnsafeRawBufferPointer,
        on gateway: GatewayPointer,
        from pair: AddressPair
    ) {
        guard !notifyOwner(message, of: gateway, as: { .handshake($0, pair) }) else { return }
        gateway.pointee.drops.record(.handshakeRateLimited)
    }

    /// Both sides: the handshake made a session that works. Sends what waited for it.
    mutating func completeHandshake(
        with peer: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        abandonHandshake(of: peer)
        peer.pointee.active?.pointee.renewedWhileReceiving = false
        peer.pointee.activity.withLock { $0.completedHandshake(at: moment.wall) }
        guard !sendStaged(to: peer, at: moment, into: &outgoing) else { return }
        // §5.4.6: the initiator speaks first, and if it has nothing to say, it says so.
        if peer.pointee.currentSession?.pointee.isInitiator == true {
            sendKeepalive(to: peer, at: moment, into: &outgoing)
        }
    }

    mutating func recordHandshakeReceived(
        from peer: PeerPointer,
        on pair: AddressPair,
        bytes: Int,
        at moment: Moment
    ) {
        recordAuthenticated(
            from: peer,
            on: pair,
            packets: 1,
            bytes: UInt64(bytes),
            data: false,
            at: moment
        )
    }
}
