/// Tells integers from other numbers. To JSON Schema (draft 2020-12, core section 4.2.3) a number
/// without a fractional part is an integer, however it is spelled: `25.0` and `2.5e1` are 25.
package struct JSONNumber {
    private var rest: ArraySlice<UInt8>
    /// The digits as a negative number, without the zeros behind the last digit that is not zero.
    private var value = 0
    private var zerosBehind = 0

    /// Nil unless it is an integer. One too large for `Int` is the nearest `Int`, and costs no more
    /// than its text is long, whatever its exponent.
    package static func integer(_ text: ArraySlice<UInt8>) -> Int? {
        var reader = JSONNumber(rest: text)
        return reader.integer()
    }

    private init(rest: ArraySlice<UInt8>) {
        self.rest = rest
    }

    private mutating func integer() -> Int? {
        let isNegative = take("-")
        guard takeDigits() > 0 else { return nil }
        var places = 0
        if take(".") {
            places = takeDigits()
            guard places > 0 else { return nil }
        }
        guard let exponent = exponent(), rest.isEmpty else { return nil }
        guard value != 0 else { return 0 }
        let zeros = zerosBehind + exponent - places
        guard zeros >= 0 else { return nil }
        append(zeros: zeros)
        if isNegative { return value }
        return value == .min ? .max : -value
    }

    /// Answers how many there were.
    private mutating func takeDigits() -> Int {
        var count = 0
        while let digit = digit() {
            count += 1
            if digit == 0 {
                zerosBehind += 1
            } else {
                append(zeros: zerosBehind)
                append(digit)
                zerosBehind = 0
            }
        }
        return count
    }

    private mutating func append(zeros: Int) {
        guard value != 0 else { return }
        // Behind twenty digits it is too large for any more to matter.
        for _ in 0..<min(zeros, 20) { append(0) }
    }

    private mutating func append(_ digit: Int) {
        let (tenfold, isTooLarge) = value.multipliedReportingOverflow(by: 10)
        let (next, isTooLargeNow) = tenfold.subtractingReportingOverflow(digit)
        value = isTooLarge || isTooLargeNow ? .min : next
    }

    /// Zero where there is none, nil where its digits are missing. Beyond `bound` no text has
    /// enough places to matter.
    private mutating func exponent() -> Int? {
        guard take("e") || take("E") else { return 0 }
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard var exponent = digit() else { return nil }
        let bound = 1 << 48
        while let digit = digit() { exponent = min(exponent * 10 + digit, bound) }
        return isNegative ? -exponent : exponent
    }

    private mutating func digit() -> Int? {
        guard let byte = rest.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
            return nil
        }
        rest.removeFirst()
        return Int(byte - UInt8(ascii: "0"))
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }
}
