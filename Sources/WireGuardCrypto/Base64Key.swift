/// The text form of a 32-byte key: 43 base64 digits and one `=`.
///
/// Digits are computed, not looked up, and decoding looks at every digit before it answers, so
/// neither the cache nor the clock tells about a secret (the method of wireguard-tools).
enum Base64Key {
    static let textLength = 44

    static func encode(_ key: UnsafeRawBufferPointer) -> String {
        precondition(key.count == 32)
        return String(unsafeUninitializedCapacity: textLength) { text in
            for group in 0..<11 {
                let first = 3 * group
                let last = group == 10 ? 0 : key[first + 2]
                let bits = UInt32(key[first]) << 16 | UInt32(key[first + 1]) << 8 | UInt32(last)
                for position in 0..<4 {
                    text[4 * group + position] = digit(
                        for: Int32((bits >> (18 - 6 * position)) & 63)
                    )
                }
            }
            text[textLength - 1] = UInt8(ascii: "=")
            return textLength
        }
    }

    /// False unless the text is exactly what `encode` would write for some key.
    static func decode(_ text: String, into key: UnsafeMutableRawBufferPointer) -> Bool {
        precondition(key.count == 32)
        var text = text
        return text.withUTF8 { digits in
            guard digits.count == textLength, digits[textLength - 1] == UInt8(ascii: "=") else {
                return false
            }
            var invalid: Int32 = 0
            for group in 0..<11 {
                var bits: Int32 = 0
                for position in 0..<4 where 4 * group + position < textLength - 1 {
                    let value = value(of: Int32(digits[4 * group + position]))
                    invalid |= value
                    bits |= (value & 63) << Int32(18 - 6 * position)
                }
                key[3 * group] = UInt8(truncatingIfNeeded: bits >> 16)
                key[3 * group + 1] = UInt8(truncatingIfNeeded: bits >> 8)
                // The last group carries two bytes; the bits behind them must be zero.
                if group < 10 {
                    key[3 * group + 2] = UInt8(truncatingIfNeeded: bits)
                } else {
                    invalid |= -(bits & 0xff)
                }
            }
            return invalid >= 0
        }
    }

    /// For a value below 64.
    private static func digit(for value: Int32) -> UInt8 {
        var digit = value + Int32(UInt8(ascii: "A"))
        digit += ((25 - value) >> 8) & 6
        digit -= ((51 - value) >> 8) & 75
        digit -= ((61 - value) >> 8) & 15
        digit += ((62 - value) >> 8) & 3
        return UInt8(truncatingIfNeeded: digit)
    }

    /// Negative when the byte is not a base64 digit.
    private static func value(of digit: Int32) -> Int32 {
        var value: Int32 = -1
        value += inside(digit, "A", "Z") & (digit - 64)
        value += inside(digit, "a", "z") & (digit - 70)
        value += inside(digit, "0", "9") & (digit + 5)
        value += inside(digit, "+", "+") & 63
        value += inside(digit, "/", "/") & 64
        return value
    }

    /// All bits set when the digit lies in the closed range, otherwise none.
    private static func inside(
        _ digit: Int32,
        _ first: Unicode.Scalar,
        _ last: Unicode.Scalar
    ) -> Int32 {
        ((Int32(UInt8(ascii: first)) - 1 - digit) & (digit - Int32(UInt8(ascii: last)) - 1)) >> 8
    }
}
