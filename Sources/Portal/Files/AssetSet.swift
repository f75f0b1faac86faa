import Crypto
import HTTPTypes

/// What pages load: scripts, styles, images. All of them are under one path that changes with the content
/// of any, so that modules import each other by relative paths and a browser keeps every file for good.
struct AssetSet: Sendable {
    static let shared = AssetSet(EmbeddedFile.folder("Assets"))

    /// Of all paths and contents, in hexadecimal digits.
    let hash: String
    private let files: [String: PackedBody]

    init(_ files: [String: EmbeddedFile]) {
        let files = files.mapValues(Self.travelling)
        var all = SHA256()
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            // What stands in front of each makes "ab" + "c" differ from "a" + "bc".
            all.update(data: Array("\(path)\n\(bytes.count)\n".utf8))
            all.update(data: bytes)
        }
        let digits = Array("0123456789abcdef")
        hash = String(
            all.finalize().prefix(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        )
        self.files = files.mapValues { PackedBody($0) }
    }

    /// What the paths of all begin with, without a slash at the end.
    var base: String { "/assets/\(hash)" }

    /// - Parameter path: within the set: `pages/peer.js`.
    func file(_ path: String) -> (mediaType: String, body: PackedBody)? {
        guard let body = files[path] else { return nil }
        return (Self.mediaType(of: path), body)
    }

    private static func travelling(_ file: EmbeddedFile) -> [UInt8] {
        switch file.path.split(separator: ".").last {
        case "js": LeanText.script(file.bytes)
        case "css": LeanText.style(file.bytes)
        default: file.bytes
        }
    }

    private static func mediaType(of path: String) -> String {
        switch path.split(separator: ".").last {
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case let ending:
            preconditionFailure("an asset with the ending \(ending ?? "") needs a media type here")
        }
    }
}
