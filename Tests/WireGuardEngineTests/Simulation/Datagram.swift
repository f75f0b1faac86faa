import NetAddress

@testable import WireGuardEngine

/// One UDP datagram between two nodes.
struct Datagram {
    let from: Endpoint
    let to: Endpoint
    var bytes: [UInt8]

    /// What it says it is.
    var kind: MessageKind? {
        var copy = bytes
        return copy.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { MessageKind($0, length: buffer.count) }
        }
    }

    /// A transport message around nothing.
    var isKeepalive: Bool { kind == .transport && bytes.count == 32 }

    var isData: Bool { kind == .transport && bytes.count > 32 }

    /// The index of the session or handshake that its sender chose, of handshake messages.
    var senderIndex: UInt32 { little32(at: 4) }

    /// The receiver index of a transport message.
    var receiverIndex: UInt32 { little32(at: 4) }

    /// The counter of a transport message.
    var counter: UInt64 { (0..<8).reduce(0) { $0 | UInt64(bytes[8 + $1]) << (8 * $1) } }

    private func little32(at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * $1) }
    }
}
