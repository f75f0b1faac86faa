import CPortalFiles

/// A file of the portal as it is in the program.
package struct EmbeddedFile: Sendable {
    /// From the folder of this target: `Assets/app.js`.
    package let path: String
    package let bytes: [UInt8]

    package static let all = (0..<wgw_portal_file_count()).map { index in
        let file = wgw_portal_file_at(index)
        return EmbeddedFile(
            path: String(cString: file.path),
            bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
        )
    }

    /// The files of a folder, by their paths in it.
    static func folder(_ name: String) -> [String: EmbeddedFile] {
        let files = all.filter { $0.path.hasPrefix(name + "/") }
        return Dictionary(
            uniqueKeysWithValues: files.map { (String($0.path.dropFirst(name.count + 1)), $0) }
        )
    }
}
