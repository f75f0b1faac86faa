import Glibc
import NetAddress
import WireGuardCrypto
import WireGuardEngine

/// Where the recent peers of a hub are kept, so that a hub that starts again can call them. The file
/// has public keys, endpoints and times, and no secret.
///
///     wgw remembered peers 1
///     PUBLICKEY ENDPOINT SECONDS CONFIGURED
///     end COUNT
///
/// It is replaced as a whole. A damaged file is ignored; its loss costs seconds.
package struct RememberedPeersFile: Sendable {
    package let path: String

    /// Those heard last are kept: about four million bytes.
    static let maximumPeers = 1 << 15
    private static let maximumBytes = 1 << 24
    private static let header = "wgw remembered peers 1"

    package init(path: String) {
        self.path = path
    }

    /// In a folder, a name for what the hub of one config file keeps: readable, and another one for
    /// each path.
    package static func path(in folder: String, of file: HubConfigurationFile) -> String {
        "\(folder)/\(file.interfaceName)-\(String(file.pathHash, radix: 16)).peers"
    }

    /// Empty where the file does not exist yet.
    func read() throws(RememberedPeersError) -> [RememberedPeer] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw RememberedPeersError("cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_uid == getuid(), status.st_size <= Self.maximumBytes
        else { throw RememberedPeersError("is not a file that wgw hub wrote") }
        var text = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = text.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count == text.count, let peers = Self.peers(in: String(decoding: text, as: UTF8.self))
        else { throw RememberedPeersError("is damaged") }
        return peers
    }

    func write(_ peers: [RememberedPeer]) throws(RememberedPeersError) {
        let fresh = path + ".new"
        unlink(fresh)
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.unwritable() }
        var text = Self.text(of: peers)
        let isWritten = text.withUTF8 { bytes in
            var remaining = UnsafeRawBufferPointer(bytes)
            while !remaining.isEmpty {
                let count = Glibc.write(descriptor, remaining.baseAddress, remaining.count)
                guard count > 0 else { return false }
                remaining = UnsafeRawBufferPointer(rebasing: remaining[count...])
            }
            return true
        }
        guard isWritten, rename(fresh, path) == 0 else {
            let problem = Self.unwritable()
            close(descriptor)
            unlink(fresh)
            throw problem
        }
        close(descriptor)
    }

    static func text(of peers: [RememberedPeer]) -> String {
        let kept = peers.sorted { $0.heard.lastSeen > $1.heard.lastSeen }.prefix(maximumPeers)
        var text = header + "\n"
        for peer in kept {
            let seconds = peer.heard.lastSeen.nanoseconds / 1_000_000_000
            text += "\(peer.publicKey) \(peer.heard.endpoint) \(seconds) \(peer.configured)\n"
        }
        return text + "end \(kept.count)\n"
    }

    /// Nil when the text is not whole.
    static func peers(in text: String) -> [RememberedPeer]? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 3, lines.count <= maximumPeers + 3, lines[0] == header,
            lines[lines.count - 2] == "end \(lines.count - 3)", lines[lines.count - 1].isEmpty
        else { return nil }
        var peers: [RememberedPeer] = []
        for line in lines[1..<(lines.count - 2)] {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 4, let key = PublicKey(base64: String(words[0])),
                let endpoint = Endpoint(String(words[1])), let seconds = UInt32(words[2])
            else { return nil }
            let seen = WallTime(nanoseconds: UInt64(seconds) * 1_000_000_000)
            peers.append(
                RememberedPeer(
                    publicKey: key,
                    configured: String(words[3]),
                    heard: HeardPeer(endpoint: endpoint, lastSeen: seen)
                )
            )
        }
        return peers
    }

    private static func unwritable() -> RememberedPeersError {
        RememberedPeersError("cannot be written: \(String(cString: strerror(errno)))")
    }
}

/// What is wrong with the file, without its name.
struct RememberedPeersError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
