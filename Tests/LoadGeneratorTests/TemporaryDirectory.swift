import Foundation

/// A directory that is gone with its last reference, and what is in it.
final class TemporaryDirectory {
    let path = FileManager.default.temporaryDirectory.path + "/wgw-\(UUID().uuidString)"

    init() {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: false
            )
        } catch {
            preconditionFailure("\(path) cannot be made: \(error)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Nil when there is no such file.
    func mode(of name: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        return (attributes?[.posixPermissions] as? NSNumber)?.intValue
    }
}
