import Foundation
import GatewayStore
import TestSupport
import Testing

struct RestoreFolderTests {
    @Test("a directory that holds anything is refused by a restore and left as it is")
    func notEmpty() throws {
        for name in ["wgw.db", "notes.txt", "master-key", ".hidden"] {
            let directory = try TemporaryDirectory()
            try directory.write([1], to: name)
            #expect(throws: StoreError.notEmpty(path: directory.path)) {
                try RestoreFolder(directory: directory.path)
            }
            #expect(directory.names == [name])
        }
    }

    @Test("a restore that is given up leaves the directory as it was, missing or empty")
    func givenUp() throws {
        let directory = try TemporaryDirectory()
        let missing = directory.path + "/data"
        for path in [directory.path, missing] {
            do {
                let folder = try RestoreFolder(directory: path)
                try Data([1]).write(to: URL(filePath: folder.path + "/wgw.db"))
                #expect(throws: StoreError.self) { try Store(directory: path) }
            }
            #expect(directory.names == [])
        }
    }

    @Test("a published restore has all files in their places, the folder of none of them is left")
    func published() throws {
        let directory = try TemporaryDirectory()
        let folder = try RestoreFolder(directory: directory.path)
        for name in ["wgw.db", "master-key", "api-key"] {
            try Data([1]).write(to: URL(filePath: folder.path + "/" + name))
        }
        try folder.publish()
        #expect(Set(directory.names) == ["wgw.db", "master-key", "api-key", "lock"])
    }

    @Test("a server does not begin where a restore was killed, and another restore goes on there")
    func killed() throws {
        for moved in [[], ["api-key"], ["api-key", "master-key"]] {
            let directory = try TemporaryDirectory()
            try FileManager.default.createDirectory(
                at: directory.url.appending(path: "restore.partial"),
                withIntermediateDirectories: false
            )
            for name in ["wgw.db", "api-key", "master-key"] {
                let folder = moved.contains(name) ? "" : "restore.partial/"
                try directory.write([1], to: folder + name)
            }
            let error = try #require(throws: StoreError.self) {
                try Store(directory: directory.path)
            }
            #expect(error.description.contains("run wgw restore once more"))
            let folder = try RestoreFolder(directory: directory.path)
            #expect(Set(directory.names) == ["lock", "restore.partial"])
            try Data([2]).write(to: URL(filePath: folder.path + "/wgw.db"))
            try folder.publish()
            #expect(directory.bytes(of: "wgw.db") == [2])
        }
    }

    @Test("a second restore into a directory does not disturb the first")
    func twice() throws {
        let directory = try TemporaryDirectory()
        let folder = try RestoreFolder(directory: directory.path)
        try Data([1]).write(to: URL(filePath: folder.path + "/wgw.db"))
        #expect(throws: StoreError.locked(path: directory.path)) {
            try RestoreFolder(directory: directory.path)
        }
        try folder.publish()
        #expect(directory.bytes(of: "wgw.db") == [1])
    }
}
