/// What a peer needs while it talks: sessions, the handshake under way, its slow timers and the
/// packets that wait. Owner only.
struct ActivePeer: ~Copyable {
    // Key rotation, §5.4.5 and §6: the session of `PeerRecord.current` is the one that sends.

    /// Still opens packets that were under way when the keys changed.
    var previous: SessionPointer?
    /// Made as responder; becomes current when the peer has proven that it holds the keys.
    var next: SessionPointer?
    /// Takes room of the gateway's account.
    var isConnected = false

    // The handshake that we start

    var handshake = HandshakeState.idle
    var lastInitiationSent = Instant.never
    /// §6.2: one early renewal per session for a receiving initiator.
    var renewedWhileReceiving = false
    var keyTimer = KeyTimer()

    // Cookies, §5.4.7

    /// Of the newest handshake message to the peer.
    var lastMAC1: Digest16?
    var cookie: ReceivedCookie?

    var staged = StagedPackets()
}
