import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Portal
import Testing

/// The files that pages load.
struct AssetTests {
    private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/Portal")

    @Test("the program holds exactly the files of the folders Assets and Templates, as they are")
    func embedded() throws {
        var files: [String: Data] = [:]
        for folder in ["Assets", "Templates"] {
            let root = Self.folder.appending(path: folder)
            for path in try FileManager.default.subpathsOfDirectory(atPath: root.path)
            where path.contains(".") && !path.hasSuffix(".md") {
                files["\(folder)/\(path)"] = try Data(contentsOf: root.appending(path: path))
            }
        }
        #expect(Set(EmbeddedFile.all.map(\.path)) == Set(files.keys))
        for file in EmbeddedFile.all {
            #expect(files[file.path] == Data(file.bytes), "\(file.path) is not up to date")
        }
    }

    @Test("an asset is kept for good under the hash of all, and is found under no other path")
    func paths() async throws {
        try await TestPortal.run { portal in
            let base = try await portal.assets()
            let found = try await portal.get("\(base)/app.js")
            #expect(found.status == .ok)
            #expect(found.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(found.headers[.contentType] == "text/javascript; charset=utf-8")
            #expect(found.headers[.xContentTypeOptions] == "nosniff")
            #expect(try await portal.head("\(base)/app.js").headers[.contentLength] != nil)
            for path in [
                "/assets/0123456789abcdef/app.js", "\(base)/none.js", base, "\(base)/", "/assets",
                "\(base)/../../../etc/passwd", "\(base)/%2e%2e/Templates/shell.mustache",
                "\(base)/..%2fTemplates%2fshell.mustache", "\(base)//etc/passwd",
                "\(base)/../Assets/app.js", "\(base)/app.js%00", "\(base)/APP.JS",
                "\(base)/..\\Templates\\shell.mustache",
            ] {
                #expect(try await portal.get(path).status == .notFound, "\(path)")
            }
        }
    }

    @Test("a client that takes gzip gets less to read, and the same once it is unpacked")
    func compression() async throws {
        try await TestPortal.run { portal in
            let path = try await portal.assets() + "/style.css"
            let plain = try await portal.get(path)
            #expect(plain.headers[.contentEncoding] == nil)
            for (header, isPacked) in [
                ("gzip, deflate, br", true), ("br;q=1, GZIP;q=0.5", true), ("gzip;q=0", false),
                ("br", false),
            ] {
                let answer = try await portal.get(path, [.acceptEncoding: header])
                #expect((answer.headers[.contentEncoding] == "gzip") == isPacked, "\(header)")
                #expect(answer.headers[.vary] == "accept-encoding")
                #expect(!isPacked || answer.body.readableBytes < plain.body.readableBytes)
            }
        }
    }

    @Test("what pages load is at most 20 files, and 150 KB of them travel without compression")
    func budget() async throws {
        let paths = EmbeddedFile.all.map(\.path).filter { $0.hasPrefix("Assets/") }
        #expect(paths.count <= 20)
        try await TestPortal.run { portal in
            let base = try await portal.assets()
            var total = 0
            for path in paths {
                let answer = try await portal.get("\(base)/\(path.dropFirst("Assets/".count))")
                #expect(answer.status == .ok, "\(path)")
                total += answer.body.readableBytes
            }
            #expect(total <= 150 * 1024)
        }
    }
}
