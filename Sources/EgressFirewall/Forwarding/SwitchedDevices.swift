import Glibc
import SystemIO

/// The devices whose forwarding this server has switched on, in a file of its data directory: a process
/// that is killed leaves them, and the table, to the next one. The file is there as long as either may be.
struct SwitchedDevices {
    private let path: String
    private static let maximumBytes = 65_536

    init(dataDirectory: String) {
        path = dataDirectory + "/egress-devices"
    }

    /// Nil where there is nothing to give back.
    func read() -> [String]? {
        guard let bytes = try? SmallFile.read(path, atMost: Self.maximumBytes) else { return nil }
        return bytes.split(separator: UInt8(ascii: "\n"))
            .map { String(decoding: $0, as: UTF8.self) }
            // A name of the kernel's, and not a path out of its folder.
            .filter { $0 != "." && $0 != ".." && $0.utf8.count < 16 && !$0.contains("/") }
    }

    /// Before what it says is done. The old list is there until the new one is: a process may be killed at any time.
    func write(_ devices: [String]) throws(FirewallError) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure }
        let text = Array(devices.map { $0 + "\n" }.joined().utf8)
        let isWritten = text.isEmpty || Glibc.write(descriptor, text, text.count) == text.count
        close(descriptor)
        guard isWritten, rename(draft, path) == 0 else { throw failure }
    }

    func remove() { unlink(path) }

    private var failure: FirewallError {
        .refused("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
