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

    /// Throws where the master key does not open it.
    init(
        sealed: [UInt8],
        with masterKey: MasterKey,
        for key: IdempotencyKey,
        of organization: OrganizationID
    ) throws(MasterKeyError) {
        let bytes = try masterKey.openBytes(
            sealed,
            for: .storedResponse,
            of: Self.context(key, organization)
        )
        let text = String(decoding: bytes, as: UTF8.self)
        guard let status = Int(text.prefix(3)) else { throw .doesNotFit }
        self.init(status: status, text: String(text.dropFirst(3)))
    }

    /// A response may hold a secret that is shown once.
    func sealed(
        with masterKey: MasterKey,
        for key: IdempotencyKey,
        of organization: OrganizationID
    ) throws -> [UInt8] {
        try masterKey.seal(
            Array("\(status)\(text)".utf8),
            for: .storedResponse,
            of: Self.context(key, organization)
        )
    }

    private static func context(_ key: IdempotencyKey, _ organization: OrganizationID) -> String {
        "\(organization) \(key.path) \(key.text)"
    }
}
