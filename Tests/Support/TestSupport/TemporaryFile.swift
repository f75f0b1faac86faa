package import Foundation

/// A file that is gone with its last reference.
package final class TemporaryFile: Sendable {
    package let url: URL
    package var path: String { url.path }

    package init(_ contents: String, suffix: String = "") throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "wgw-\(UUID().uuidString)\(suffix)")
        try contents.write(to: url, atomically: false, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
