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
        in turn: inout Turn
    ) {
        let result: DropReason?
        switch kind {
        case .initiation:
            let initiation = InitiationMessage(message)
            result =
                admit(initiation, on: gateway, from: pair, in: &turn)
                ?? consumeInitiation(
                    initiation,
                    on: gateway,
                    from: pair,
                    in: &turn
                )
        case .response:
            let response = ResponseMessage(message)
            result =
                admit(response, on: gateway, from: pair, in: &turn)
                ?? consumeResponse(response, on: gateway, from: pair, in: &turn)
        case .cookieReply:
            result = consumeCookieReply(CookieReplyMessage(message), on: gateway, at: turn.now)
        case .transport:
            result = .malformedMessage
        }
        guard let result else { return }
        gateway.recordDrop(result)
        if kind == .initiation, result == .badMAC1 {
            gateway.pointee.strangers.heard(.wrongGatewayKey, from: pair.remote, at: turn.moment)
        }
    }

    /// Both sides: the handshake made a session that works. Sends what waited for it.
    mutating func completeHandshake(
        with peer: PeerPointer,
        in turn: inout Turn
    ) {
        abandonHandshake(of: peer)
        peer.pointee.active?.pointee.renewedWhileReceiving = false
        peer.pointee.activity.withLock { $0.completedHandshake(at: turn.wall) }
        guard !sendStaged(to: peer, in: &turn) else { return }
        // §5.4.6: the initiator speaks first, and if it has nothing to say, it says so.
        if peer.currentSession?.pointee.isInitiator == true {
            sendKeepalive(to: peer, in: &turn)
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
