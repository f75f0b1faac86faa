import Foundation
import TestSupport

/// A wall clock that is off, for the programs that are started with it and for no others.
struct ShiftedClock {
    static let year = 365 * 24 * 60 * 60

    /// Names of the environment, with their values.
    let environment: [String]

    /// - Parameter folder: for the library that shifts it.
    init(secondsAhead: Int, in folder: URL) throws {
        let library = folder.appending(path: "shift.so").path
        let source = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ShiftedClock/shift.c").path
        try Command.require("clang", "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl")
        environment = ["LD_PRELOAD=\(library)", "WGW_TEST_CLOCK_SECONDS=\(secondsAhead)"]
    }
}
