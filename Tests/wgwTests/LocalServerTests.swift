import Foundation
import TestSupport
import Testing

@testable import wgw

/// What a command trusts of a data directory that other users may write to.
struct LocalServerTests {
    private static let key = "key-of-this-server"

    /// A directory with the record of a server that runs: this process.
    private static func withDirectory(
        apiKeyFile: (URL) -> URL = { $0.appending(path: "api-key") },
        isLocked: Bool = true,
        _ body: (URL) throws -> Void
    ) throws {
        try TemporaryDirectory.with { folder in
            let file = apiKeyFile(folder)
            try Data("\(key)\n".utf8).write(to: folder.appending(path: "api-key"))
            let record = """
                {"url":"http://127.0.0.1:8080","api_key_file":"\(file.path)","process":\(getpid())}
                """
            let place = folder.appending(path: "server.json")
            try Data(record.utf8).write(to: place)
            let descriptor = open(place.path, O_RDWR | O_CLOEXEC)
            defer { close(descriptor) }
            if isLocked { try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0) }
            try body(folder)
        }
    }

    private static func find(in folder: URL) throws -> LocalServer? {
        try LocalServer.find(ClientEnvironment(["WGW_DATA_DIR": folder.path]))
    }

    @Test("a server that this user runs is found with its API key")
    func ownServer() throws {
        try Self.withDirectory { folder in
            let found = try Self.find(in: folder)
            #expect(found?.apiKey == Self.key)
        }
    }

    @Test(
        "a record that no server holds is that of one that was killed, whatever process has its number"
    )
    func killedServer() throws {
        try Self.withDirectory(isLocked: false) { folder in
            let found = try Self.find(in: folder)
            #expect(found == nil)
        }
    }

    @Test("a link or a pipe in the place of a server's record is the record of no server")
    func recordIsNoFile() throws {
        try Self.withDirectory { folder in
            let record = folder.appending(path: "server.json")
            try FileManager.default.moveItem(at: record, to: folder.appending(path: "moved"))
            try FileManager.default.createSymbolicLink(
                atPath: record.path,
                withDestinationPath: folder.appending(path: "moved").path
            )
            let atLink = try Self.find(in: folder)
            #expect(atLink == nil)
            try FileManager.default.removeItem(at: record)
            try #require(mkfifo(record.path, 0o600) == 0)
            let atPipe = try Self.find(in: folder)
            #expect(atPipe == nil)
        }
    }

    @Test("a pipe in the place of an API key keeps no command waiting")
    func keyIsNoFile() throws {
        try Self.withDirectory(apiKeyFile: { $0.appending(path: "pipe") }) { folder in
            try #require(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)
            let found = try Self.find(in: folder)
            let server = try #require(found)
            #expect(server.apiKey == nil)
        }
    }

    @Test(
        "the record of another user leads only to an API key that this user may read as well",
        .enabled(if: getuid() == 0, "skipped: giving files away takes root.")
    )
    func recordOfAnotherUser() throws {
        try Self.withDirectory { folder in
            let (record, file) = (
                folder.appending(path: "server.json").path, folder.appending(path: "api-key").path
            )
            try #require(chown(record, 65_531, 65_530) == 0)
            let modes: [(owner: uid_t, group: gid_t, mode: mode_t, isRead: Bool)] = [
                (0, 0, 0o600, false), (65_531, 0, 0o400, true), (0, 65_530, 0o640, true),
                (0, 65_530, 0o600, false), (0, 0, 0o644, true),
            ]
            for (owner, group, mode, isRead) in modes {
                try #require(chown(file, owner, group) == 0 && chmod(file, mode) == 0)
                let found = try Self.find(in: folder)
                let server = try #require(found)
                #expect((server.apiKey != nil) == isRead, "\(owner) \(group) \(mode)")
            }
        }
    }
}
