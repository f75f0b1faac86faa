/// What a datagram says it is. Type, reserved zeros and length are judged together, §5.4.
package enum MessageKind: Equatable {
    case initiation
    case response
    case cookieReply
    case transport

    package static let initiationLength = 148
    package static let responseLength = 92
    package static let cookieReplyLength = 64
    /// Header and tag around an empty payload: a keepalive.
    static let minimumTransportLength = 32

    /// Nil for bytes that are not a WireGuard message.
    @inline(__always)
    package init?(_ message: UnsafeMutablePointer<UInt8>, length: Int) {
        guard length >= 4 else { return nil }
        switch message.little32(at: 0) {
        case 4 where length >= Self.minimumTransportLength: self = .transport
        case 1 where length == Self.initiationLength: self = .initiation
        case 2 where length == Self.responseLength: self = .response
        case 3 where length == Self.cookieReplyLength: self = .cookieReply
        default: return nil
        }
    }
}

/// Offsets of the handshake messages, §5.4.2 to §5.4.4.
enum InitiationLayout {
    static let sender = 4
    static let ephemeral = 8..<40
    static let sealedStatic = 40..<88
    static let sealedTimestamp = 88..<116
    static let mac1 = 116..<132
    static let mac2 = 132..<148
}

package enum ResponseLayout {
    static let sender = 4
    package static let receiver = 8
    static let ephemeral = 12..<44
    static let sealedNothing = 44..<60
    static let mac1 = 60..<76
    static let mac2 = 76..<92
}

package enum CookieReplyLayout {
    package static let receiver = 4
    static let nonce = 8..<32
    static let sealedCookie = 32..<64
}

/// §5.4.6.
enum TransportLayout {
    static let receiver = 4
    static let counter = 8
    static let payload = 16
}
