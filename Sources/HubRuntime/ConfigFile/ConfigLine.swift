/// One line of a config file, without its comment and, as `wg` reads it, without any white space.
enum ConfigLine {
    enum Section: String {
        case interface = "[Interface]"
        case peer = "[Peer]"

        /// In any mixture of upper and lower case.
        init?(_ bytes: [UInt8]) {
            guard let section = Self(rawValue: String(decoding: bytes, as: UTF8.self)) else {
                let text = String(decoding: bytes.prefix(16), as: UTF8.self).lowercased()
                switch text {
                case "[interface]": self = .interface
                case "[peer]": self = .peer
                default: return nil
                }
                return
            }
            self = section
        }
    }

    case empty
    case section(Section)
    case setting(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)
    case other

    init(_ bytes: [UInt8]) {
        guard let first = bytes.first else {
            self = .empty
            return
        }
        if first == UInt8(ascii: "[") {
            self = Section(bytes).map { .section($0) } ?? .other
        } else if let equals = bytes.firstIndex(of: UInt8(ascii: "=")), equals > 0 {
            self = .setting(name: bytes[..<equals], value: bytes[(equals + 1)...])
        } else {
            self = .other
        }
    }
}

/// The lines of a text, one after the other, in memory that is used again for each.
struct ConfigLines {
    private let text: [UInt8]
    private var position = 0
    private var line: [UInt8] = []
    /// Of the last line, from 1 up.
    private(set) var number = 0

    init(_ text: [UInt8]) {
        self.text = text
        line.reserveCapacity(256)
    }

    mutating func next() -> ConfigLine? {
        guard position < text.count else { return nil }
        number += 1
        line.removeAll(keepingCapacity: true)
        var isComment = false
        while position < text.count {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\n"): return ConfigLine(line)
            case UInt8(ascii: "#"): isComment = true
            case UInt8(ascii: " "), 0x09, 0x0b, 0x0c, 0x0d: continue
            default: if !isComment { line.append(byte) }
            }
        }
        return ConfigLine(line)
    }
}
