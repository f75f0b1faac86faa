import Foundation
import Glibc

/// What the kernel tells of a process.
enum ProcessTable {
    /// What a descriptor of it leads to, such as `/dev/null` or `socket:[4711]`.
    static func target(of descriptor: Int32, in process: pid_t) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/\(process)/fd/\(descriptor)"
        )
    }

    /// The TCP port on which it listens, on IPv4; nil before it does.
    static func listeningPort(of process: pid_t) -> Int? {
        let folder = "/proc/\(process)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let targets = Set(names.compactMap { Int32($0) }.compactMap { target(of: $0, in: process) })
        let table = (try? String(contentsOfFile: "/proc/\(process)/net/tcp", encoding: .utf8)) ?? ""
        for line in table.split(separator: "\n").dropFirst() {
            let words = line.split(separator: " ")
            // Local address and port, remote, state (0A listens), …, inode: proc(5).
            guard words.count > 9, words[3] == "0A", targets.contains("socket:[\(words[9])]"),
                let port = words[1].split(separator: ":").last
            else { continue }
            return Int(port, radix: 16)
        }
        return nil
    }
}
