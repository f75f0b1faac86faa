package import Foundation
import Glibc

/// A directory of one test's own. It and all that is in it are removed with the last reference.
package final class TemporaryDirectory: Sendable {
    package let url = FileManager.default.temporaryDirectory
        .appending(path: "wgw-test-\(UUID().uuidString)")

    package init() throws {
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit { remove() }

    /// Removed when `body` returns, and not before: a process may use what only its path names.
    package static func with<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        return try await body(directory.url)
    }

    package static func with<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        return try body(directory.url)
    }

    package var path: String { url.path }

    package var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    /// Empty where there is no such file.
    package func bytes(of name: String) -> [UInt8] {
        (try? Data(contentsOf: url.appending(path: name))).map { Array($0) } ?? []
    }

    package func write(_ bytes: [UInt8], to name: String) throws {
        let file = url.appending(path: name).path
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: bytes)
    }

    /// What a process killed at this moment leaves behind: files as they are, nothing closed, and
    /// without the shared memory of SQLite, which is the process's own.
    package func copyAsAfterKill() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        for name in names where !name.hasSuffix("-shm") {
            try copy.write(bytes(of: name), to: name)
        }
        return copy
    }

    /// Nil where there is no such file.
    package func mode(of name: String) -> Int? {
        let file = url.appending(path: name).path
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        return (attributes?[.posixPermissions] as? NSNumber)?.intValue
    }

    private func remove() { try? FileManager.default.removeItem(at: url) }
}
