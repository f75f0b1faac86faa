/// Reads one string of a JSON text, from behind its opening quote to behind its closing one.
/// The text was checked to be UTF-8 before.
struct JSONStringReader {
    let bytes: [UInt8]
    private(set) var position: Int

    init(bytes: [UInt8], position: Int) {
        self.bytes = bytes
        self.position = position
    }

    mutating func read() throws(JSONError) -> String {
        let start = position
        while let byte = current, byte != UInt8(ascii: "\\"), byte >= 0x20 {
            position += 1
            // Nearly every string: it is as it stands in the text.
            if byte == UInt8(ascii: "\"") {
                return String(decoding: bytes[start..<position - 1], as: UTF8.self)
            }
        }
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                append(try escaped(), to: &text)
            case 0x00..<0x20:
                throw malformed("a control character in a string must be escaped")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw malformed("the text ends inside a string")
    }

    /// Without a string for each: a body may be a million of them.
    private func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
        if scalar.isASCII {
            text.append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }

    private mutating func escaped() throws(JSONError) -> Unicode.Scalar {
        guard position < bytes.count else { throw malformed("the text ends inside a string") }
        let letter = bytes[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw malformed("unknown escape in a string")
        }
    }

    /// RFC 8259 section 7: a scalar beyond the first plane is spelled as two surrogates. Half a
    /// pair does not encode a character, and is refused.
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard
            UTF16.isLeadSurrogate(first),
            position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
        else { throw malformed("half a surrogate pair in a string") }
        position += 2
        let second = try fourHexDigits()
        guard UTF16.isTrailSurrogate(second) else {
            throw malformed("half a surrogate pair in a string")
        }
        let offset = ((UInt32(first) - 0xD800) << 10) + (UInt32(second) - 0xDC00)
        guard let scalar = Unicode.Scalar(0x10000 + offset) else {
            throw malformed("half a surrogate pair in a string")
        }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Self.hexValue(bytes[position]) else {
                throw malformed("expected four hexadecimal digits")
            }
            value = (value << 4) | digit
            position += 1
        }
        return value
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private static func hexValue(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private func malformed(_ reason: String) -> JSONError {
        .malformed(reason, offset: position)
    }
}
