/// What a datagram says it is. Type, reserved zeros and length are judged together, §5.4.
package enum MessageKind: Equatable {
    case initiation
    case response
    case cookieReply
    case transport

    /// Nil for bytes that are not a WireGuard message.
    @inline(__always)
    package init?(_ message: UnsafeMutablePointer<UInt8>, length: Int) {
        guard length >= 4 else { return nil }
        switch message.little32(at: 0) {
        case TransportLayout.type where length >= TransportLayout.minimumLength: self = .transport
        case InitiationMessage.type where length == InitiationMessage.length: self = .initiation
        case ResponseMessage.type where length == ResponseMessage.length: self = .response
        case CookieReplyMessage.type where length == CookieReplyMessage.length: self = .cookieReply
        default: return nil
        }
    }
}

/// Of every sealed field and payload: Poly1305's.
enum SealTag {
    static let length = 16
}

/// A message as a view of memory that has `length` bytes.
protocol HandshakeMessage {
    static var type: UInt32 { get }
    static var length: Int { get }

    var start: UnsafeMutablePointer<UInt8> { get }
}

extension HandshakeMessage {
    /// Of `count` bytes.
    func field(at offset: Int, _ count: Int) -> MessageField {
        MessageField(start: start + offset, count: count)
    }

    /// The type and the reserved zeros.
    func writeType() { start.storeLittle(Self.type, at: 0) }

    var bytes: UnsafeRawBufferPointer { start.bytes(0..<Self.length) }
}

/// A part of a message.
struct MessageField {
    let start: UnsafeMutablePointer<UInt8>
    let count: Int

    var bytes: UnsafeRawBufferPointer { start.bytes(0..<count) }
}

/// What initiations and responses have in common: their sender's index, and at the end two MACs, each
/// over all bytes before it, §5.4.4.
protocol AuthenticatedMessage: HandshakeMessage {}

extension AuthenticatedMessage {
    /// The index that its sender chose.
    var sender: UInt32 {
        get { start.little32(at: 4) }
        nonmutating set { start.storeLittle(newValue, at: 4) }
    }

    var mac1: MessageField { field(at: Self.length - 32, 16) }
    var mac2: MessageField { field(at: Self.length - 16, 16) }
    var beforeMAC1: UnsafeRawBufferPointer { start.bytes(0..<Self.length - 32) }
    var beforeMAC2: UnsafeRawBufferPointer { start.bytes(0..<Self.length - 16) }
}

/// §5.4.2.
package struct InitiationMessage: AuthenticatedMessage {
    static let type: UInt32 = 1
    package static let length = 148

    let start: UnsafeMutablePointer<UInt8>

    init(_ start: UnsafeMutablePointer<UInt8>) {
        self.start = start
    }

    var ephemeral: MessageField { field(at: 8, 32) }
    var sealedStatic: MessageField { field(at: 40, 32 + SealTag.length) }
    var sealedTimestamp: MessageField { field(at: 88, TAI64N.length + SealTag.length) }
}

/// §5.4.3.
package struct ResponseMessage: AuthenticatedMessage {
    static let type: UInt32 = 2
    package static let length = 92
    package static let receiverOffset = 8

    let start: UnsafeMutablePointer<UInt8>

    init(_ start: UnsafeMutablePointer<UInt8>) {
        self.start = start
    }

    /// The index that the initiation's sender chose.
    var receiver: UInt32 {
        get { start.little32(at: Self.receiverOffset) }
        nonmutating set { start.storeLittle(newValue, at: Self.receiverOffset) }
    }

    var ephemeral: MessageField { field(at: 12, 32) }
    var sealedNothing: MessageField { field(at: 44, SealTag.length) }
}

/// §5.4.7.
package struct CookieReplyMessage: HandshakeMessage {
    static let type: UInt32 = 3
    package static let length = 64
    package static let receiverOffset = 4

    let start: UnsafeMutablePointer<UInt8>

    init(_ start: UnsafeMutablePointer<UInt8>) {
        self.start = start
    }

    /// The index that the sender of the message which it answers chose.
    var receiver: UInt32 {
        get { start.little32(at: Self.receiverOffset) }
        nonmutating set { start.storeLittle(newValue, at: Self.receiverOffset) }
    }

    var nonce: MessageField { field(at: 8, 24) }
    var sealedCookie: MessageField { field(at: 32, Digest16.length + SealTag.length) }
}

/// §5.4.6. Offsets, as the packets' path reads and writes these fields by itself.
enum TransportLayout {
    static let type: UInt32 = 4
    static let receiver = 4
    static let counter = 8
    static let payload = 16
    static let tagLength = SealTag.length
    /// Header and tag around an empty payload: a keepalive.
    static let minimumLength = payload + tagLength
}
