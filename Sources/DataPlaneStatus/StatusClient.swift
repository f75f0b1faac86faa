import CLinux
import Glibc

/// Asks the processes of this user, or of this machine, for their gateways.
package enum StatusClient {
    /// Room for more than a hundred thousand peers with many addresses each. A longer answer is not
    /// from wgw.
    private static let maximumBytes = 1 << 30
    /// Of a process of another user, whose answer may be anything. Room for ten thousand peers.
    private static let maximumForeignBytes = 1 << 24

    package struct Answers: Equatable, Sendable {
        /// All interfaces of all processes that answered. Of those that have one name, each is called
        /// `NAME@ID` or, where it has no id, `NAME@PROCESS`, so that every name leads to one.
        package var dump = StatusDump()
        /// Processes that answered with something else than a dump, such as those of another version.
        package var unreadable: [Int32] = []
        /// Processes that did not answer in time, such as those that are stopped (SIGSTOP).
        package var silent: [Int32] = []
    }

    private enum Reply {
        case text(String)
        case silence
        /// No process listens there.
        case absence
    }

    /// - Parameter patience: seconds to wait for each part of an answer.
    package static func ask(
        in directories: [StatusDirectory],
        patience: Int32 = 3
    ) throws(StatusError) -> Answers {
        var texts: [(process: Int32, text: String)] = []
        var silent: [Int32] = []
        for directory in directories {
            var silences = 0
            // Another user cannot keep this one waiting for long.
            for process in directory.processes() where directory.isOurs || silences < 2 {
                switch read(process, in: directory, patience) {
                case .text(let text): texts.append((process, text))
                case .silence:
                    silent.append(process)
                    silences += 1
                case .absence: break
                }
            }
        }
        let places = directories.map(\.path).joined(separator: ", ")
        guard !texts.isEmpty || !silent.isEmpty else {
            throw StatusError(
                "no wgw hub or wgw serve that this user may see is running (looked in \(places))"
            )
        }
        guard !texts.isEmpty else {
            let processes = silent.map(String.init).joined(separator: ", ")
            throw StatusError(
                "no process answers: \(processes) may be stopped or busy (looked in \(places))"
            )
        }
        var answers = answers(texts)
        answers.silent = silent
        return answers
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
            if counts[interface.name] != 1 { interface.name += "@\(interface.id ?? "\(process)")" }
            return interface
        }
    }

    private static func read(
        _ process: Int32,
        in directory: StatusDirectory,
        _ patience: Int32
    ) -> Reply {
        let descriptor = clinux_unix_connect(directory.socketPath(of: process), patience)
        guard descriptor >= 0 else {
            // A process that was killed leaves its socket behind.
            if descriptor == -ECONNREFUSED { directory.removeSocket(of: process) }
            // EAGAIN: the queue of connections stayed full.
            return descriptor == -EAGAIN ? .silence : .absence
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let limit = directory.isOurs ? maximumBytes : maximumForeignBytes
        while bytes.count < limit {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count >= 0 else { return errno == EAGAIN ? .silence : .absence }
            guard count > 0 else { return .text(String(decoding: bytes, as: UTF8.self)) }
            bytes += piece[..<count]
        }
        return .absence
    }
}
