import Foundation
import Glibc

/// A program that runs beside the test. What it says goes to two files, which outlive a crash.
final class BackgroundProcess {
    private let process: ChildProcess
    private let outputFile: URL
    private let errorFile: URL

    init(_ words: [String], logs folder: URL, name: String) throws {
        outputFile = folder.appending(path: "\(name).out")
        errorFile = folder.appending(path: "\(name).err")
        let output = try Self.emptyFile(outputFile)
        let errors = try Self.emptyFile(errorFile)
        let input = try FileHandle(forReadingFrom: URL(filePath: "/dev/null"))
        process = try ChildProcess(
            words,
            input: input.fileDescriptor,
            output: output.fileDescriptor,
            errors: errors.fileDescriptor
        )
    }

    deinit { kill() }

    var output: String { (try? String(contentsOf: outputFile, encoding: .utf8)) ?? "" }
    var errors: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }
    var id: pid_t { process.id }
    var isRunning: Bool { process.isRunning }

    func send(_ signal: Int32) { process.send(signal) }

    /// Kills it as a power cut would.
    func kill() {
        process.send(SIGKILL)
        process.wait()
    }

    /// Asks it to stop, and answers with its exit status.
    func stop() async throws -> Int32 {
        process.send(SIGTERM)
        return try await waitForExit()
    }

    /// Waits for its end; it is killed when it takes longer.
    func waitForExit() async throws -> Int32 {
        let hasEnded = try await eventually { !self.process.isRunning }
        if !hasEnded { kill() }
        return process.wait()
    }

    private static func emptyFile(_ url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }
}
