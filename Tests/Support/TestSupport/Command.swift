import Foundation
import Glibc

/// A program that runs to its end, and what it said.
package struct Command {
    package struct Result {
        package let status: Int32
        package let output: String

        package var lines: [Substring] { output.split(separator: "\n") }
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    /// Standard output and standard error together.
    @discardableResult
    package static func run(_ words: String..., input: String? = nil) throws -> Result {
        try run(words, input: input)
    }

    @discardableResult
    package static func run(_ words: [String], input: String? = nil) throws -> Result {
        let standardInput = try pipe()
        let output = try pipe()
        let child = try ChildProcess(
            words,
            input: standardInput.reading,
            output: output.writing,
            errors: output.writing
        )
        close(standardInput.reading)
        close(output.writing)
        try FileHandle(fileDescriptor: standardInput.writing, closeOnDealloc: true)
            .write(contentsOf: Data((input ?? "").utf8))
        let said = try FileHandle(fileDescriptor: output.reading, closeOnDealloc: true).readToEnd()
        return Result(
            status: child.wait(),
            output: String(decoding: said ?? Data(), as: UTF8.self)
        )
    }

    /// The output of a program that must succeed.
    @discardableResult
    package static func require(_ words: String..., input: String? = nil) throws -> String {
        try require(words, input: input)
    }

    @discardableResult
    package static func require(_ words: [String], input: String? = nil) throws -> String {
        let result = try run(words, input: input)
        guard result.status == 0 else {
            throw Failure(
                description: "\(words.joined(separator: " ")) failed: \(result.output)"
            )
        }
        return result.output
    }

    /// Both ends stay with this process.
    package static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else {
            throw Failure(description: "no pipe: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
