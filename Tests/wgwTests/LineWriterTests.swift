import CommandLineProgram
import Foundation
import Glibc
import Testing

@testable import wgw

@Suite("The writer of the log", .timeLimit(.minutes(1)))
struct LineWriterTests {
    /// A reader that is waited for: the test ends when all is written.
    private static let patience = Duration.seconds(50)

    @Test("log lines are written in their order")
    func order() async throws {
        let pipe = Pipe()
        let writer = try writer(to: pipe.fileHandleForWriting.fileDescriptor)
        let read = Task { Self.lines(of: pipe) }
        for number in 0..<1_000 { writer.write("line \(number)\n") }
        writer.close(within: Self.patience)
        try pipe.fileHandleForWriting.close()
        #expect(await read.value == (0..<1_000).map { "line \($0)" })
    }

    @Test(
        "a log reader that does not read holds up no writer, and lost lines are counted in their place"
    )
    func slowReader() async throws {
        let pipe = Pipe()
        let writer = try writer(to: pipe.fileHandleForWriting.fileDescriptor, capacity: 10_000)
        // More than the pipe and the buffer hold together.
        for number in 0..<20_000 { writer.write("line \(number)\n") }
        let read = Task { Self.lines(of: pipe) }
        writer.flush(within: Self.patience)
        writer.write("afterwards\n")
        writer.close(within: Self.patience)
        try pipe.fileHandleForWriting.close()

        let lines = await read.value
        let losses = lines.filter { $0.hasPrefix("lost ") }
        let lost = losses.compactMap { Self.number($0) }
        #expect(!losses.isEmpty)
        #expect(losses.allSatisfy { $0.hasSuffix("what reads the log does not keep up") })
        #expect(lost.reduce(0, +) + lines.count - losses.count == 20_001)
        #expect(lines.last == "afterwards")
        var next = 0
        for line in lines.dropLast() {
            let number = try #require(Self.number(line))
            let isLoss = line.hasPrefix("lost ")
            #expect(isLoss || number == next, "\(line) is out of its place")
            next = isLoss ? next + number : next + 1
        }
    }

    @Test("log lines that a full disk does not take are counted, and told when there is room again")
    func fullDisk() async throws {
        let file = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(file >= 0)
        defer { close(file) }
        let writer = try writer(to: file)
        for number in 0..<3 {
            writer.write("line \(number)\n")
            writer.flush(within: Self.patience)
        }
        let pipe = Pipe()
        dup2(pipe.fileHandleForWriting.fileDescriptor, file)
        writer.write("room again\n")
        writer.close(within: Self.patience)
        close(file)
        try pipe.fileHandleForWriting.close()
        #expect(Self.lines(of: pipe) == ["lost 3: No space left on device", "room again"])
    }

    @Test("a log line that was written in part is ended before the next one")
    func cutLine() throws {
        let name = "/wgw-cut-\(UUID().uuidString)"
        let file = FileManager.default.temporaryDirectory.path + name
        defer { unlink(file) }
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        // Six bytes below the largest offset that a file of this system can have: a write there is cut.
        let end = Self.largestOffset(of: descriptor)
        try #require(lseek(descriptor, end - 6, SEEK_SET) == end - 6)
        let writer = try writer(to: descriptor)
        writer.write("0123456789\n")
        writer.flush(within: Self.patience)
        try #require(lseek(descriptor, 0, SEEK_SET) == 0)
        writer.write("next\n")
        writer.close(within: Self.patience)
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(count, 0)).prefix { $0 != 0 }, as: UTF8.self)
        #expect(text == "\nlost 1: File too large\nnext\n")
    }

    @Test("a log reader that never reads holds up a stop no longer than the given time")
    func stop() throws {
        let pipe = Pipe()
        let writer = try writer(to: pipe.fileHandleForWriting.fileDescriptor)
        writer.write(String(repeating: "x", count: 200_000) + "\n")
        writer.close(within: .milliseconds(1))
        writer.write("dropped\n")
        try pipe.fileHandleForReading.close()
    }

    private func writer(to descriptor: Int32, capacity: Int = 1 << 20) throws -> LineWriter {
        signal(SIGPIPE, SIG_IGN)
        return try LineWriter(
            to: OutputFile(descriptor: descriptor, name: "the test's file"),
            capacity: capacity
        ) { "lost \($0): \($1)\n" }
    }

    /// Of a line, or of lost lines.
    private static func number(_ line: String) -> Int? {
        line.firstMatch(of: /^(?:line|lost) (\d+)/).flatMap { Int($0.1) }
    }

    private static func lines(of pipe: Pipe) -> [String] {
        let all = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
        return String(decoding: all, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func largestOffset(of descriptor: Int32) -> Int {
        var (possible, impossible) = (0, Int.max)
        while impossible - possible > 1 {
            let middle = possible + (impossible - possible) / 2
            if lseek(descriptor, middle, SEEK_SET) >= 0 {
                possible = middle
            } else {
                impossible = middle
            }
        }
        return possible
    }
}
