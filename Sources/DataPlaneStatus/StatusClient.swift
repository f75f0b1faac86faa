import CLinux
import Glibc

/// Asks the processes of this user, or of this machine, for their gateways.
package enum StatusClient {
    /// Room for more than a hundred thousand peers with many addresses each. A longer answer is not
    /// from wgw.
    private static let maximumBytes = 1 << 30

    package struct Answers: Equatable, Sendable {
        /// All interfaces of all processes that answered. Of processes whose interfaces have one
        /// name, each is called `NAME@PROCESS`, so that every name leads to one.
        package var dump = StatusDump()
        /// Processes that answered with something else than a dump, such as those of another version.
        package var unreadable: [Int32] = []
    }

    package static func ask(in directory: StatusDirectory) throws(StatusError) -> Answers {
        let texts = directory.processes().compactMap { process in
            read(directory.socketPath(of: process)).map { (process, $0) }
        }
        guard !texts.isEmpty else {
            throw StatusError(
                "no wgw hub or wgw serve of this user is running (looked in \(directory.path))"
            )
        }
        return answers(texts)
    }

    static func answers(_ texts: [(process: Int32, text: String)]) -> Answers {
        var answers = Answers()
        var interfaces: [(process: Int32, interface: StatusDump.Interface)] = []
        for (process, text) in texts {
            if let dump = StatusDump(text) {
                interfaces += dump.interfaces.map { (process, $0) }
            } else {
                answers.unreadable.append(process)
            }
        }
        answers.dump.interfaces = telling(apart: interfaces)
        return answers
    }

    private static func telling(
        apart interfaces: [(process: Int32, interface: StatusDump.Interface)]
    ) -> [StatusDump.Interface] {
        let counts = Dictionary(interfaces.map { ($0.interface.name, 1) }, uniquingKeysWith: +)
        return interfaces.map { process, interface in
            var interface = interface
            if counts[interface.name] != 1 { interface.name += "@\(process)" }
            return interface
        }
    }

    /// Nil when the process does not answer.
    private static func read(_ path: String) -> String? {
        let descriptor = clinux_unix_connect(path, 10)
        guard descriptor >= 0 else {
            // The process was killed and left its socket behind.
            if descriptor == -ECONNREFUSED { unlink(path) }
            return nil
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < maximumBytes {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count >= 0 else { return nil }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
        return nil
    }
}
