/// One line of a config file, without its comment and, as `wg` reads it, without any white space.
enum ConfigLine {
    enum Section: String {
        case interface = "[Interface]"
        case peer = "[Peer]"

        /// In any mixture of upper and lower case.
        init?(_ bytes: [UInt8]) {
            let isNamed = { (section: Section) in
                bytes.elementsEqual(section.rawValue.utf8) { byte, letter in
                    byte == letter || (letter.isLetter && byte ^ 0x20 == letter)
                }
            }
            guard let section = [.peer, .interface].first(where: isNamed) else { return nil }
            self = section
        }
    }

    case empty
    case section(Section)
    /// Begins with a bracket, and is neither of these.
    case unknownSection
    case setting(name: ArraySlice<UInt8>, value: ConfigValue)
    case other

    /// - Parameter breaks: indices of `bytes` in front of which white space stood.
    init(_ bytes: [UInt8], breaks: [Int]) {
        guard let first = bytes.first else {
            self = .empty
            return
        }
        if first == UInt8(ascii: "[") {
            self = Section(bytes).map { .section($0) } ?? .unknownSection
        } else if let equals = bytes.firstIndex(of: UInt8(ascii: "=")), equals > 0 {
            let value = ConfigValue(bytes: bytes[(equals + 1)...], breaks: breaks)
            self = .setting(name: bytes[..<equals], value: value)
        } else {
            self = .other
        }
    }
}

/// The lines of a text, one after the other, in memory that is used again for each.
struct ConfigLines {
    private let text: [UInt8]
    private var position: Int
    private var line: [UInt8] = []
    private var breaks: [Int] = []
    /// Of the last line, from 1 up.
    private(set) var number = 0

    /// What editors on Windows write in front of a text in UTF-8.
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    init(_ text: [UInt8]) {
        self.text = text
        position = text.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
        line.reserveCapacity(256)
    }

    /// Each character takes two bytes: an editor of Windows wrote it, and says so with a mark.
    var isUTF16: Bool { text.starts(with: [0xff, 0xfe]) || text.starts(with: [0xfe, 0xff]) }

    mutating func next() -> ConfigLine? {
        guard position < text.count else { return nil }
        number += 1
        line.removeAll(keepingCapacity: true)
        breaks.removeAll(keepingCapacity: true)
        var isComment = false
        while position < text.count {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\n"): return ConfigLine(line, breaks: breaks)
            case UInt8(ascii: "#"): isComment = true
            case UInt8(ascii: " "), 0x09, 0x0b, 0x0c, 0x0d:
                if !isComment, breaks.last != line.count { breaks.append(line.count) }
            default:
                // Every character above "#" is a part of a name or a value, and most are.
                let start = position - 1
                while position < text.count, text[position] > UInt8(ascii: "#") { position += 1 }
                if !isComment { line += text[start..<position] }
            }
        }
        return ConfigLine(line, breaks: breaks)
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}
