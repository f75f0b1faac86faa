import WireGuardCrypto

/// The responder's side of a handshake, §5.4.2 and §5.4.3, twin of `InitiatorHandshake`: made by reading an
/// initiation, used up by writing the response to it. Who the initiator is comes out on the way, and only
/// then is known what it shares with us.
struct ResponderHandshake {
    /// Whom the initiation claims to be from; proven by its time stamp.
    let initiator: PublicKey
    private let remoteIndex: UInt32
    private let theirEphemeral: PublicKey
    private var noise: NoiseState

    /// Nil when the initiation is forged.
    init?(reading initiation: InitiationMessage, for identity: StaticIdentity) {
        var noise = identity.noise
        theirEphemeral = PublicKey(initiation.ephemeral.bytes)
        noise.mixEphemeral(theirEphemeral)
        guard let shared = X25519.sharedSecret(identity.privateKey, theirEphemeral) else {
            return nil
        }
        let key = noise.mixKeyForSealing(shared)
        let opened = noise.openField(initiation.sealedStatic, key: key) {
            PublicKey($0.bytes(0..<32))
        }
        guard let opened else { return nil }
        initiator = opened
        remoteIndex = initiation.sender
        self.noise = noise
    }

    /// Of the same initiation; nil when the initiator is not who it claims to be.
    mutating func timestamp(
        in initiation: InitiationMessage,
        staticShared: SecretKey
    ) -> TAI64N? {
        let key = noise.mixKeyForSealing(staticShared)
        return noise.openField(initiation.sealedTimestamp, key: key) { TAI64N($0) }
    }

    /// Writes all of a response but its MACs, after the time stamp was read. Nil for a key of low order.
    ///
    /// - Returns: the state that the session's keys come from, and the initiator's name for the session.
    func respond(
        in response: ResponseMessage,
        ephemeral: SecretKey,
        index: UInt32,
        presharedKey: SecretKey?
    ) -> (noise: NoiseState, remoteIndex: UInt32)? {
        guard let ephemeralShared = X25519.sharedSecret(ephemeral, theirEphemeral),
            let staticShared = X25519.sharedSecret(ephemeral, initiator)
        else { return nil }
        var noise = noise
        let ephemeralPublic = X25519.publicKey(of: ephemeral)
        response.writeType()
        response.sender = index
        response.receiver = remoteIndex
        ephemeralPublic.write(to: response.ephemeral.start)
        noise.mixEphemeral(ephemeralPublic)
        ephemeralShared.withBytes { noise.mixKey($0) }
        staticShared.withBytes { noise.mixKey($0) }
        let key = noise.mixPresharedKey(presharedKey)
        noise.seal(response.sealedNothing.start, count: 0, key: key)
        return (noise, remoteIndex)
    }
}
