package import Foundation
import Glibc

/// A file system of a few megabytes, which a test can fill.
package struct SmallDisk {
    package let folder: URL

    /// Whether the file system can be made here. In continuous integration it has to be.
    package static let canBeMade =
        geteuid() == 0 || ContinuousIntegration.isOn

    /// Needs root. Everything that was made is gone afterwards.
    package static func with(megabytes: Int, _ body: (SmallDisk) async throws -> Void) async throws
    {
        try await TemporaryDirectory.with { folder in
            try Command.require(
                ["mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "wgw-test", folder.path]
            )
            defer { _ = try? Command.run("umount", "--lazy", folder.path) }
            try await body(SmallDisk(folder: folder))
        }
    }

    private var filler: String { folder.appending(path: "filler").path }

    /// To the last byte.
    package func fill() throws {
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Command.Failure(description: "cannot make \(filler)") }
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 0, count: 65_536)
        for size in [65_536, 4_096, 1] {
            while write(descriptor, zeros, size) > 0 {}
        }
    }

    package func empty() { unlink(filler) }
}
