import Foundation
import TestSupport

/// A wall clock that is off and may jump, for the programs that are started with it and for no others.
struct ShiftedClock {
    static let year = 365 * 24 * 60 * 60

    /// Names of the environment, with their values.
    let environment: [String]
    private let file: URL

    /// - Parameter folder: for the library that shifts it.
    init(secondsAhead: Int, in folder: URL) throws {
        let library = folder.appending(path: "shift.so").path
        let source = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ShiftedClock/shift.c").path
        try Command.require("clang", "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl")
        file = folder.appending(path: "clock")
        environment = ["LD_PRELOAD=\(library)", "WGW_TEST_CLOCK=\(file.path)"]
        try Self.bytes(secondsAhead).write(to: file)
    }

    /// The first moment of the next month, in UTC and by the right clock.
    static func nextMonth() -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let now = calendar.dateComponents([.year, .month], from: Date())
        return calendar.date(byAdding: .month, value: 1, to: calendar.date(from: now) ?? Date())
            ?? Date()
    }

    /// The programs that run with it see that at once.
    func jump(to secondsAhead: Int) throws {
        let handle = try FileHandle(forUpdating: file)
        try handle.write(contentsOf: Self.bytes(secondsAhead))
        try handle.close()
    }

    private static func bytes(_ seconds: Int) -> Data {
        withUnsafeBytes(of: seconds) { Data($0) }
    }

    /// A command that ends with the program, which then goes by this clock.
    func applied(to command: [String]) -> [String] {
        var words = command
        words.insert(contentsOf: ["env"] + environment, at: words.count - 1)
        return words
    }
}
