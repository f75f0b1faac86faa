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
    ///   - message: room for `MessageKind.initiationLength` bytes.
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
        message.storeLittle(1 as UInt32, at: 0)
        message.storeLittle(index, at: InitiationLayout.sender)
        noise.mixEphemeral(ephemeralPublic)
        ephemeralPublic.write(to: message + InitiationLayout.ephemeral.lowerBound)

        let staticField = message + InitiationLayout.sealedStatic.lowerBound
        identity.publicKey.write(to: staticField)
        let staticKey = noise.mixKeyForSealing(shared)
        noise.seal(staticField, count: 32, key: staticKey)

        let stampField = message + InitiationLayout.sealedTimestamp.lowerBound
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
        guard let noise = noise(after: response, for: identity, presharedKey: presharedKey) else {
            return nil
        }
        let keys = noise.transportKeys()
        return TransportKeys(
            sending: keys.initiator,
            receiving: keys.responder,
            remoteIndex: response.little32(at: ResponseLayout.sender)
        )
    }

    func noise(
        after response: UnsafeMutablePointer<UInt8>,
        for identity: StaticIdentity,
        presharedKey: SecretKey?
    ) -> NoiseState? {
        var noise = noise
        let theirs = PublicKey(response.bytes(ResponseLayout.ephemeral))
        noise.mixEphemeral(theirs)
        guard let ephemeralShared = X25519.sharedSecret(ephemeral, theirs),
            let staticShared = X25519.sharedSecret(identity.privateKey, theirs)
        else { return nil }
        ephemeralShared.withBytes { noise.mixKey($0) }
        staticShared.withBytes { noise.mixKey($0) }
        let key = noise.mixPresharedKey(presharedKey)
        let isAuthentic = Engine.openField(
            response.bytes(ResponseLayout.sealedNothing),
            of: &noise,
            key: key,
            { _ in true }
        )
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

extension PublicIdentity {
    /// Fills in both MACs of an initiation to this identity, §5.4.4. Returns the first, which a
    /// cookie reply is bound to.
    package func sign(
        initiation message: UnsafeMutablePointer<UInt8>,
        cookie: Digest16?
    ) -> Digest16 {
        HandshakeMACs.write(
            to: message,
            mac1: InitiationLayout.mac1,
            mac2: InitiationLayout.mac2,
            receiver: self,
            cookie: cookie
        )
    }

    /// Whether the first MAC of a response is for this identity, as its sender knows it.
    package func isAddressed(by response: UnsafeMutablePointer<UInt8>) -> Bool {
        let expected = mac1Key.withBytes {
            Digest16(key: $0, response.bytes(0..<ResponseLayout.mac1.lowerBound))
        }
        return expected.equalsInConstantTime(response.bytes(ResponseLayout.mac1))
    }

    /// Opens, in place, the cookie that this identity sent in answer to a message with this
    /// `mac1`, §5.4.7. Nil when it is forged.
    package func openCookie(
        in reply: UnsafeMutablePointer<UInt8>,
        sentMAC1: Digest16
    ) -> Digest16? {
        let field = reply + CookieReplyLayout.sealedCookie.lowerBound
        let isAuthentic = cookieKey.withBytes { key in
            sentMAC1.withBytes { mac1 in
                XChaCha20Poly1305.open(
                    field,
                    count: CookieReplyLayout.sealedCookie.count,
                    key: key,
                    nonce: reply.bytes(CookieReplyLayout.nonce),
                    additional: mac1
                )
            }
        }
        return isAuthentic ? Digest16(copying: field.bytes(0..<16)) : nil
    }
}
