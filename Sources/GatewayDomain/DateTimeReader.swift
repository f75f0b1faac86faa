/// Reads the text of RFC 3339 section 5.6, `2024-08-07T15:29:52.068774+02:00`, into its numbers, each
/// within its own bounds. Whether the month has such a day, and the minute a leap second, is not
/// looked at here.
struct DateTimeReader {
    struct Numbers {
        var year: Int64
        var month: Int64
        var day: Int64
        var hour: Int64
        var minute: Int64
        /// 60 in a leap second.
        var second: Int64
        var microsecond: Int64
        /// How far the local time is ahead of UTC.
        var offsetMinutes: Int64
    }

    private var rest: Substring.UTF8View

    static func read(_ text: String) -> Numbers? {
        var reader = DateTimeReader(rest: text[...].utf8)
        guard
            let year = reader.number(digits: 4, in: 0...9_999), reader.take("-"),
            let month = reader.number(digits: 2, in: 1...12), reader.take("-"),
            let day = reader.number(digits: 2, in: 1...31), reader.take("T") || reader.take("t"),
            let hour = reader.number(digits: 2, in: 0...23), reader.take(":"),
            let minute = reader.number(digits: 2, in: 0...59), reader.take(":"),
            let second = reader.number(digits: 2, in: 0...60),
            let microsecond = reader.fraction(),
            let offset = reader.offset(),
            reader.rest.isEmpty
        else { return nil }
        return Numbers(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second,
            microsecond: microsecond,
            offsetMinutes: offset
        )
    }

    /// The section allows any number of digits; those below a microsecond are dropped.
    private mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        guard var value = digit() else { return nil }
        var count = 1
        while let next = digit() {
            if count < 6 {
                value = value * 10 + next
                count += 1
            }
        }
        for _ in count..<6 { value *= 10 }
        return value
    }

    private mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let isBehind = take("-")
        guard
            isBehind || take("+"),
            let hours = number(digits: 2, in: 0...23), take(":"),
            let minutes = number(digits: 2, in: 0...59)
        else { return nil }
        return (hours * 60 + minutes) * (isBehind ? -1 : 1)
    }

    private mutating func number(digits: Int, in range: ClosedRange<Int64>) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return range.contains(value) ? value : nil
    }

    private mutating func digit() -> Int64? {
        guard let byte = rest.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
            return nil
        }
        rest.removeFirst()
        return Int64(byte - UInt8(ascii: "0"))
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }
}
