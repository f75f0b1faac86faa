/// The name of a host as RFC 1123 section 2.1 has it: letters, digits, hyphens and dots. It is not resolved
/// here, and keeps its spelling.
public struct HostName: Hashable, Sendable {
    /// RFC 1035 section 2.3.4.
    private static let maximumLength = 253
    private static let maximumLabelLength = 63

    private let text: String
}

extension HostName: LosslessStringConvertible {
    public init?(_ text: String) {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.maximumLength, labels.allSatisfy(Self.isLabel),
            let last = labels.last, !Self.isNumber(last)
        else { return nil }
        self.text = text
    }

    public var description: String { text }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...maximumLabelLength).contains(label.count)
            && label.allSatisfy { isDigit($0) || isLetter($0) || $0 == hyphen }
            && label.first != hyphen && label.last != hyphen
    }

    /// Resolvers read what ends in a number, `300.1.1.1` or `0x7f`, as an IPv4 address.
    private static func isNumber(_ label: Substring.UTF8View) -> Bool {
        label.allSatisfy(isDigit) || Substring(label).lowercased().hasPrefix("0x")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
