/// The written form of an IPv6 address: eight groups of 16 bits.
enum IPv6Text {
    /// RFC 4291, section 2.2. Always eight groups, or nil when the text is not an address.
    static func groups(of text: String) -> [UInt16]? {
        guard let gap = firstGap(in: text) else {
            guard let groups = groups(between: text[...], endsAddress: true) else { return nil }
            return groups.count == 8 ? groups : nil
        }
        // A second "::" leaves an empty group in the right part and is refused there.
        guard
            let left = groups(between: text[..<gap.lowerBound], endsAddress: false),
            let right = groups(between: text[gap.upperBound...], endsAddress: true),
            left.count + right.count <= 7
        else { return nil }
        return left + Array(repeating: 0, count: 8 - left.count - right.count) + right
    }

    /// RFC 5952, section 4: lower case, no leading zeros, and `::` for the longest run of two or
    /// more zero groups, the first one when two are equally long.
    static func canonical(_ groups: [UInt16]) -> String {
        let gap = longestZeroRun(in: groups)
        guard gap.count >= 2 else { return hexadecimal(groups[...]) }
        return hexadecimal(groups[..<gap.lowerBound]) + "::"
            + hexadecimal(groups[gap.upperBound...])
    }

    private static func firstGap(in text: String) -> Range<String.Index>? {
        let bytes = text.utf8
        for (index, next) in zip(bytes.indices, bytes.indices.dropFirst())
        where bytes[index] == UInt8(ascii: ":") && bytes[next] == UInt8(ascii: ":") {
            return index..<bytes.index(after: next)
        }
        return nil
    }

    private static func groups(between text: Substring, endsAddress: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if let group = group(part) {
                groups.append(group)
            } else {
                guard
                    endsAddress, index == parts.count - 1,
                    let embedded = IPv4Address(String(part))
                else { return nil }
                groups.append(UInt16(truncatingIfNeeded: embedded.bits >> 16))
                groups.append(UInt16(truncatingIfNeeded: embedded.bits))
            }
        }
        return groups
    }

    /// One to four hexadecimal digits. `UInt16.init(_:radix:)` alone would also take a sign.
    private static func group(_ text: Substring) -> UInt16? {
        guard (1...4).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "+") else {
            return nil
        }
        return UInt16(text, radix: 16)
    }

    private static func longestZeroRun(in groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            guard group == 0 else {
                start = index + 1
                continue
            }
            if index + 1 - start > longest.count { longest = start..<index + 1 }
        }
        return longest
    }

    private static func hexadecimal(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
}
