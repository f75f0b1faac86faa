package import WireGuardCrypto

/// An id that the caller chooses and the data plane only compares, with room for a UUID or a public
/// key. `Object` only keeps a peer's id from being used as a gateway's.
package struct DesiredID<Object>: Hashable, Sendable {
    fileprivate var first: UInt64 = 0
    fileprivate var second: UInt64 = 0
    fileprivate var third: UInt64 = 0
    fileprivate var fourth: UInt64 = 0

    package static var length: Int { 32 }

    /// - Parameter bytes: at most `length`; fewer are followed by zeros.
    package init(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= Self.length, "an id has 32 bytes")
        withUnsafeMutableBytes(of: &self) { $0.copyMemory(from: bytes) }
    }

    /// Of a lane of a link.
    init(_ link: DesiredLink.ID, lane: Int) {
        precondition(link.fourth == 0, "the id of a link has 24 bytes")
        (first, second, third) = (link.first, link.second, link.third)
        fourth = UInt64(lane) + 1
    }

    /// Of the link that a lane is of.
    init(ofLane gateway: DesiredGateway.ID) {
        (first, second, third) = (gateway.first, gateway.second, gateway.third)
    }

    /// For callers that count their objects.
    package init(_ number: UInt64) { first = number }

    package init(_ key: PublicKey) {
        self = key.withBytes { Self($0) }
    }

    package func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try withUnsafeBytes(of: self, body)
    }
}

extension DesiredID: Comparable {
    /// Any order will do, as long as it stays the same.
    package static func < (left: Self, right: Self) -> Bool {
        (left.first, left.second, left.third, left.fourth)
            < (right.first, right.second, right.third, right.fourth)
    }
}
