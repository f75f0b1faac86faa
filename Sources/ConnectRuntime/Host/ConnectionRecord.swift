import Glibc
import SystemIO

/// What a connection has changed that does not go with its device, in a file: a process that is killed
/// leaves it to the next one. While the process lives it holds a lock of the file.
///
///     wgw connection 1
///     process NUMBER
///     device NAME
///     mark NUMBER
///     rule FAMILY PRIORITY TABLE
///     names
package struct ConnectionRecord: Equatable, Sendable {
    struct Rule: Equatable, Sendable {
        let isIPv6: Bool
        let priority: UInt32
        let table: UInt32
    }

    var process: Int32
    var device: String
    /// Of its own packets, which no other connection may take.
    var mark: UInt32
    var rules: [Rule] = []
    var hasNameServers = false

    private static let header = "wgw connection 1"

    init(process: Int32, device: String, mark: UInt32) {
        self.process = process
        self.device = device
        self.mark = mark
    }

    /// Nil where the text is damaged.
    init?(_ text: String) {
        var lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        guard !lines.isEmpty, lines.removeFirst().joined(separator: " ") == Self.header else {
            return nil
        }
        self.init(process: 0, device: "", mark: 0)
        for line in lines {
            switch line.first {
            case "process" where line.count == 2:
                process = Int32(line[1]) ?? 0
            case "device" where line.count == 2 && DeviceName.isValid(line[1]):
                device = line[1]
            case "mark" where line.count == 2:
                mark = UInt32(line[1]) ?? 0
            case "rule" where line.count == 4:
                guard ["4", "6"].contains(line[1]), let priority = UInt32(line[2]),
                    let table = UInt32(line[3])
                else { return nil }
                rules.append(Rule(isIPv6: line[1] == "6", priority: priority, table: table))
            case "names" where line.count == 1:
                hasNameServers = true
            default:
                return nil
            }
        }
        guard !device.isEmpty else { return nil }
    }

    var text: String {
        var text = "\(Self.header)\nprocess \(process)\ndevice \(device)\nmark \(mark)\n"
        for rule in rules {
            text += "rule \(rule.isIPv6 ? 6 : 4) \(rule.priority) \(rule.table)\n"
        }
        return hasNameServers ? text + "names\n" : text
    }
}

/// Names of interfaces that the kernel, this program's files and the options of other programs take.
enum DeviceName {
    static func isValid(_ name: String) -> Bool {
        (1..<16).contains(name.utf8.count) && name != "." && name != ".."
            // resolvconf would take it for an option.
            && name.utf8.first != UInt8(ascii: "-")
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || "-._=+".utf8.contains(byte)
            }
    }
}
