import Foundation
import GatewayDomain
import TestSupport
import Testing

@testable import GatewayStore

struct UpgradeSnapshotTests {
    @Test(
        "an upgrade leaves a copy of the database as it was, from which the version before starts"
    )
    func copies() async throws {
        let directory = try TemporaryDirectory()
        let old = Array(Migrations.all.dropLast())
        try await Self.open(directory, old, adding: "before")
        #expect(Self.snapshots(in: directory) == [], "a new database has none")
        try await Self.open(directory, old, adding: "again")
        #expect(Self.snapshots(in: directory) == [], "nothing was changed")

        let store = try Store(directory: directory.path)
        let name = "wgw.db.schema-" + (old.last?.id ?? "")
        #expect(store.snapshot == directory.path + "/" + name)
        #expect(Self.snapshots(in: directory) == [name])
        let copy = try TemporaryDirectory()
        try FileManager.default.copyItem(
            atPath: directory.path + "/" + name,
            toPath: copy.path + "/wgw.db"
        )
        let back = try Store(directory: copy.path, old)
        let names = try await back.read { db in
            try db.rows("SELECT name FROM region ORDER BY name").map { $0.text("name") }
        }
        #expect(names == ["again", "before"])
        let mode = try FileManager.default.attributesOfItem(atPath: copy.path + "/wgw.db")
        #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test(
        "the copies from before the last two upgrades are kept, and what a killed start left is not"
    )
    func lastTwo() async throws {
        let directory = try TemporaryDirectory()
        for left in [4, 3, 2] { try await Self.open(directory, Migrations.all.dropLast(left)) }
        let before = Migrations.all.suffix(4).map { "wgw.db.schema-\($0.id)" }
        let left = directory.path + "/\(before[1]).partial"
        try Data("left".utf8).write(to: URL(filePath: left))
        try await Self.open(directory, Migrations.all.dropLast(1))
        #expect(Self.snapshots(in: directory) == [before[0], before[1]].sorted())
        _ = try Store(directory: directory.path)
        #expect(Self.snapshots(in: directory) == [before[1], before[2]].sorted())
    }

    @Test(
        "an upgrade without room for the copy changes nothing, and says how much room it needs",
        .enabled(if: SmallDisk.canBeMade, "skipped: a small file system needs root.")
    )
    func noRoom() async throws {
        try await SmallDisk.with(megabytes: 8) { disk in
            let path = disk.folder.path + "/data"
            try Store(directory: path, Migrations.all.dropLast()).end()
            let error = #expect(throws: StoreError.self) { try Store(directory: path) }
            guard case .noRoomForUpgrade(path, let bytes)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(bytes > 16 << 20)
            #expect(throws: Never.self) { try Store(directory: path, Migrations.all.dropLast()) }
        }
    }

    private static func open(
        _ directory: TemporaryDirectory,
        _ migrations: [Migrations.Migration],
        adding region: String? = nil
    ) async throws {
        let store = try Store(directory: directory.path, migrations)
        if let region {
            _ = try await store.write { db in
                try db.execute(
                    """
                    INSERT INTO region (code, name, created_at, updated_at)
                    VALUES (\(region), \(region), 1, 1)
                    """
                )
            }
        }
        store.end()
    }

    private static func snapshots(in directory: TemporaryDirectory) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { $0.hasPrefix("wgw.db.") }.sorted()
    }
}
