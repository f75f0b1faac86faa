import Foundation

/// A file that is gone with its last reference.
final class TemporaryFile {
    let path: String

    init(_ contents: String, _ suffix: String) throws {
        path = FileManager.default.temporaryDirectory.path + "/wgw-\(UUID().uuidString)\(suffix)"
        try contents.write(toFile: path, atomically: false, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
