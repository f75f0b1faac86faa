/// `mac1` and `mac2` of handshake messages, §5.4.4: written by the sender, checked by the receiver.
extension PublicIdentity {
    /// Of a message to this identity: fills in both; `mac2` stays zero without a cookie. Returns `mac1`,
    /// which a cookie reply to this message is bound to.
    func sign(_ message: some AuthenticatedMessage, cookie: Digest16?) -> Digest16 {
        let first = expectedMAC1(of: message)
        first.write(to: message.mac1.start)
        let field = message.mac2
        guard let cookie else {
            field.start.update(repeating: 0, count: field.count)
            return first
        }
        cookie.proof(in: message).write(to: field.start)
        return first
    }

    /// Whether the sender of a message knows that it talks to this identity.
    func isAddressed(by message: some AuthenticatedMessage) -> Bool {
        expectedMAC1(of: message).equalsInConstantTime(message.mac1.bytes)
    }

    private func expectedMAC1(of message: some AuthenticatedMessage) -> Digest16 {
        mac1Key.withBytes { Digest16(key: $0, message.beforeMAC1) }
    }

    /// For the load generator, which has no typed messages. Returns the first MAC.
    package func sign(
        initiation message: UnsafeMutablePointer<UInt8>,
        cookie: Digest16?
    ) -> Digest16 {
        sign(InitiationMessage(message), cookie: cookie)
    }

    package func isAddressed(by response: UnsafeMutablePointer<UInt8>) -> Bool {
        isAddressed(by: ResponseMessage(response))
    }
}

extension Digest16 {
    /// Of a cookie: what `mac2` of a message proves it with.
    fileprivate func proof(in message: some AuthenticatedMessage) -> Digest16 {
        withBytes { Digest16(key: $0, message.beforeMAC2) }
    }

    /// Of a cookie: whether the message's sender has it, and with it its own address.
    func isProven(by message: some AuthenticatedMessage) -> Bool {
        let theirs = message.mac2.bytes
        // A sender without a cookie leaves the field zero: no hash is computed for it.
        guard theirs.contains(where: { $0 != 0 }) else { return false }
        return proof(in: message).equalsInConstantTime(theirs)
    }
}
