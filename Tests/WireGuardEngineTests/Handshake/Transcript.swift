import Testing

/// A handshake and the first packets after it, as an independent implementation writes them
/// (`transcript.py`).
struct Transcript: Sendable, CustomTestStringConvertible {
    let presharedKey: [UInt8]?
    let initiation: [UInt8]
    let cookieReply: [UInt8]
    let cookie: [UInt8]
    let response: [UInt8]
    let keepalive: [UInt8]
    let innerFromInitiator: [UInt8]
    let dataFromInitiator: [UInt8]
    let innerFromResponder: [UInt8]
    let dataFromResponder: [UInt8]

    static let all = [withoutPresharedKey, withPresharedKey]

    var testDescription: String { presharedKey == nil ? "without PSK" : "with PSK" }
}

/// Bytes as text.
enum Hex {
    static func bytes(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        precondition(digits.count % 2 == 0, "half a byte")
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    static func text(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
