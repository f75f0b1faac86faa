import Foundation
import Synchronization
import SystemIO

/// How busy the machine's processors were since the last question.
final class ProcessorLoad: Sendable {
    private struct Ticks {
        var busy: UInt64
        var all: UInt64
    }

    private let last = Mutex<Ticks?>(nil)

    /// In percent of all of them. Nil at the first question, and where the system does not tell.
    func percent() -> Int? {
        guard let now = Self.ticks() else { return nil }
        return last.withLock { last in
            defer { last = now }
            guard let before = last, now.all > before.all, now.busy >= before.busy else {
                return nil
            }
            return Int((now.busy - before.busy) * 100 / (now.all - before.all))
        }
    }

    /// Of the first line of /proc/stat (proc(5)): user, nice, system, idle, iowait and others.
    private static func ticks() -> Ticks? {
        guard let bytes = try? SmallFile.read("/proc/stat", atMost: 1 << 20) else { return nil }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        let numbers = String(decoding: line, as: UTF8.self).split(separator: " ").dropFirst()
            .compactMap { UInt64($0) }
        guard numbers.count >= 8 else { return nil }
        let all = numbers.prefix(8).reduce(0, +)
        return Ticks(busy: all - numbers[3] - numbers[4], all: all)
    }
}
