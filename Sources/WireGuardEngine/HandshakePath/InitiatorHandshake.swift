package import WireGuardCrypto

/// The initiator's side of a handshake, §5.4.2 and §5.4.3: made by writing the initiation, used up
/// by the response to it. The engine has one for each handshake under way, and the load generator
/// for each peer that it simulates.
package struct InitiatorHandshake {
    /// The receiver index of the answer, and of the session.
    package let localIndex: UInt32
    private let ephemeral: SecretKey
    private let noise: NoiseState

    /// Writes all of an initiation but its MACs, which `PublicIdentity.sign` adds when it is known
    /// whether there is a cookie. Nil for a responder's key of low order.
    ///
    /// - Parameters:
    ///   - message: room for `InitiationMessage.length` bytes.
    ///   - staticShared: the DH of both static keys.
    ///   - stamp: later than that of every initiation before it.
    package init?(
        writingTo message: UnsafeMutablePointer<UInt8>,
        from identity: StaticIdentity,
        to responder: PublicKey,
        staticShared: SecretKey,
        ephemeral: SecretKey,
        index: UInt32,
        stamp: TAI64N
    ) {
        let ephemeralPublic = X25519.publicKey(of: ephemeral)
        guard let shared = X25519.sharedSecret(ephemeral, responder) else { return nil }
        var noise = NoiseState(responder: responder)
        let initiation = InitiationMessage(message)
        initiation.writeType()
        initiation.sender = index
        noise.mixEphemeral(ephemeralPublic)
        ephemeralPublic.write(to: initiation.ephemeral.start)

        let staticField = initiation.sealedStatic.start
        identity.publicKey.write(to: staticField)
        let staticKey = noise.mixKeyForSealing(shared)
        noise.seal(staticField, count: 32, key: staticKey)

        let stampField = initiation.sealedTimestamp.start
        stamp.write(to: stampField)
        let stampKey = noise.mixKeyForSealing(staticShared)
        noise.seal(stampField, count: TAI64N.length, key: stampKey)
        localIndex = index
        self.ephemeral = ephemeral
        self.noise = noise
    }

    /// What a response to this initiation agrees on; nil when it is forged, or answers another.
    package func keys(
        from response: UnsafeMutablePointer<UInt8>,
        for identity: StaticIdentity,
        presharedKey: SecretKey?
    ) -> TransportKeys? {
        let response = ResponseMessage(response)
        guard let noise = noise(after: response, for: identity, presharedKey: presharedKey) else {
            return nil
        }
        let keys = noise.transportKeys()
        return TransportKeys(
            sending: keys.initiator,
            receiving: keys.responder,
            remoteIndex: response.sender
        )
    }

    func noise(
        after response: ResponseMessage,
        for identity: StaticIdentity,
        presharedKey: SecretKey?
    ) -> NoiseState? {
        var noise = self.noise
        let theirs = PublicKey(response.ephemeral.bytes)
        noise.mixEphemeral(theirs)
        guard let ephemeralShared = X25519.sharedSecret(ephemeral, theirs),
            let staticShared = X25519.sharedSecret(identity.privateKey, theirs)
        else { return nil }
        ephemeralShared.withBytes { noise.mixKey($0) }
        staticShared.withBytes { noise.mixKey($0) }
        let key = noise.mixPresharedKey(presharedKey)
        let isAuthentic = noise.openField(response.sealedNothing, key: key) { _ in true }
        return isAuthentic == true ? noise : nil
    }
}

/// What an initiator takes from a handshake.
package struct TransportKeys {
    package let sending: SecretKey
    package let receiving: SecretKey
    /// The responder's name for the session.
    package let remoteIndex: UInt32

    package init(sending: SecretKey, receiving: SecretKey, remoteIndex: UInt32) {
        self.sending = sending
        self.receiving = receiving
        self.remoteIndex = remoteIndex
    }
}
