import HTTPTypes
package import Hummingbird
import HummingbirdCore
import NIOCore

/// A body that has come whole.
package struct WholeBody: Sendable {
    package let bytes: [UInt8]
    /// The bytes count against the budget as long as this lives.
    package let share: BodyBudget.Share
}

extension Request {
    /// Nil where the client does not say it ahead, in a `Content-Length`.
    package var announcedBodySize: Int? {
        headers[.contentLength].flatMap { Int($0) }
    }

    /// - Throws: a `Refusal`.
    package func wholeBody(
        atMost limit: Int,
        of budget: BodyBudget = .shared
    ) async throws -> WholeBody {
        var bytes: [UInt8] = []
        let share = BodyBudget.Share(of: budget)
        // Given back early, it would be another's while the bytes are still here.
        defer { withExtendedLifetime(share) {} }
        for try await part in body {
            let size = bytes.count + part.readableBytes
            guard size <= limit else { throw Refusal.bodyTooLarge(limit: limit) }
            guard share.grow(to: size - BodyBudget.free) else { throw Refusal.tooManyBodies }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return WholeBody(bytes: bytes, share: share)
    }
}
