/// The UDP sockets of this machine, of all programs (`/proc/net/udp`, `/proc/net/udp6`).
struct UDPSocketTable: Sendable {
    struct Entry: Equatable, Sendable {
        let port: UInt16
        /// Datagrams that found the socket's buffer full, since it was opened.
        let drops: Int
        /// By which the process is found that has the socket.
        let inode: String
    }

    let entries: [Entry]
    private let files: SystemFiles

    /// Nil where the tables cannot be read.
    init?(_ files: SystemFiles) {
        let tables = ["/proc/net/udp", "/proc/net/udp6"].compactMap { files.text($0) }
        guard !tables.isEmpty else { return nil }
        entries = tables.flatMap { $0.split(separator: "\n").dropFirst().compactMap(Self.entry) }
        self.files = files
    }

    /// `sl local_address rem_address st queues timer retransmits uid timeout inode ref pointer drops`
    private static func entry(_ line: Substring) -> Entry? {
        let fields = line.split(separator: " ")
        guard fields.count >= 13, let port = fields[1].split(separator: ":").last,
            let port = UInt16(port, radix: 16), let drops = Int(fields[12])
        else { return nil }
        return Entry(port: port, drops: drops, inode: String(fields[9]))
    }

    /// The programs that have one of these sockets, by the sockets' inodes. Those of other users are
    /// only found by root.
    func owners(of sockets: [Entry]) -> [String: Owner] {
        let links = Dictionary(
            sockets.map { ("socket:[\($0.inode)]", $0.inode) },
            uniquingKeysWith: { first, _ in first }
        )
        guard !links.isEmpty else { return [:] }
        var owners: [String: Owner] = [:]
        for process in files.names(in: "/proc").compactMap({ Int32($0) }) {
            for descriptor in files.names(in: "/proc/\(process)/fd") {
                guard let target = files.target(of: "/proc/\(process)/fd/\(descriptor)"),
                    let inode = links[target]
                else { continue }
                let name = files.text("/proc/\(process)/comm") ?? ""
                owners[inode] = Owner(
                    name: name.filter { !$0.isNewline && $0.isASCII },
                    process: process
                )
            }
        }
        return owners
    }

    struct Owner: Hashable, Sendable, CustomStringConvertible {
        let name: String
        let process: Int32

        var description: String { "\(name), process \(process)" }
    }
}
