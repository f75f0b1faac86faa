import GatewayDomain

/// The response to a request with an idempotency key, as its repetitions get it.
package struct StoredResponse: Equatable, Sendable {
    package static let keptSeconds: Int64 = 24 * 60 * 60

    package let status: Int
    package let text: String

    package init(status: Int, text: String) {
        self.status = status
        self.text = text
    }

    /// Throws where the master key does not open it, or not what `lock` has sealed before.
    init(
        sealed: [UInt8],
        with masterKey: MasterKey,
        lock: LinkSecret?,
        for key: IdempotencyKey,
        of organization: OrganizationID
    ) throws(MasterKeyError) {
        let context = Self.context(key, organization)
        let bytes = Array(try masterKey.openBytes(sealed, for: .storedResponse, of: context))
        let text: String
        if let lock {
            guard let opened = lock.open(bytes, of: context) else { throw .doesNotFit }
            text = opened
        } else {
            text = String(decoding: bytes, as: UTF8.self)
        }
        guard let status = Int(text.prefix(3)) else { throw .doesNotFit }
        self.init(status: status, text: String(text.dropFirst(3)))
    }

    /// A response may hold a secret that is shown once.
    ///
    /// - Parameter lock: seals it a second time, so that the master key is not enough.
    func sealed(
        with masterKey: MasterKey,
        lock: LinkSecret?,
        for key: IdempotencyKey,
        of organization: OrganizationID
    ) throws -> [UInt8] {
        let context = Self.context(key, organization)
        let content = "\(status)\(text)"
        return try masterKey.seal(
            try lock?.seal(content, of: context) ?? Array(content.utf8),
            for: .storedResponse,
            of: context
        )
    }

    private static func context(_ key: IdempotencyKey, _ organization: OrganizationID) -> String {
        "\(organization) \(key.path) \(key.text)"
    }
}
