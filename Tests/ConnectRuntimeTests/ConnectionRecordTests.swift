import Foundation
import TestSupport
import Testing

@testable import ConnectRuntime

@Suite("What a connection changes is recorded for the next process")
struct ConnectionRecordTests {
    @Test("a record is read as it was written, and a damaged one not at all")
    func text() {
        var record = ConnectionRecord(process: 77, device: "wg0", mark: 51_820)
        #expect(ConnectionRecord(record.text) == record)
        record.rules = [
            .init(isIPv6: false, priority: 32_764, table: 254),
            .init(isIPv6: true, priority: 32_765, table: 51_820),
        ]
        record.hasNameServers = true
        #expect(ConnectionRecord(record.text) == record)
        for damage in [
            "", "something else\n", "wgw connection 1\n", "wgw connection 1\ndevice ../x\n",
            record.text + "rule 5 1 2\n", record.text + "more\n",
        ] {
            #expect(ConnectionRecord(damage) == nil, "\(damage)")
        }
    }

    @Test("a device has a name that is neither a path nor an option")
    func names() {
        for name in ["wg0", "a", "office-1", "_x=+.", "123456789012345"] {
            #expect(DeviceName.isValid(name), "\(name)")
        }
        for name in [
            "", ".", "..", "a/b", "-rf", "a b", "x;y", "wg%d", "\u{E9}", "1234567890123456",
        ] {
            #expect(!DeviceName.isValid(name), "\(name)")
        }
    }

    @Test(
        "two connections that begin at once choose different marks, and one that ended gives its mark back"
    )
    func marks() throws {
        try TemporaryDirectory.with { folder in
            let records = RecordFolder(folder.path)
            let names = ["wgw-mark-a", "wgw-mark-b", "wgw-mark-c"]
            let first = try HostPlace(of: names[0], in: records)
            let second = try HostPlace(of: names[1], in: records)
            #expect(first.mark != second.mark, "neither has a rule yet")
            first.giveUp()
            #expect(try HostPlace(of: names[2], in: records).mark == first.mark)
        }
    }

    @Test("a record that is written again leaves nothing of the longer one before")
    func rewriting() throws {
        try TemporaryDirectory.with { folder in
            let held = try RecordFolder(folder.path).take("wg0")
            var record = ConnectionRecord(process: 77, device: "wg0", mark: 51_820)
            record.rules = [.init(isIPv6: false, priority: 32_764, table: 254)]
            try held.write(record)
            record.rules = []
            try held.write(record)
            #expect(held.read() == record)
        }
    }

    @Test("a record has one holder, and is left over when that is gone")
    func holders() throws {
        try TemporaryDirectory.with { folder in
            let records = RecordFolder(folder.path)
            var held: LockedRecord? = try records.take("wg0")
            try held?.write(ConnectionRecord(process: 77, device: "wg0", mark: 51_820))
            let error = #expect(throws: ConnectError.self) { try records.take("wg0") }
            #expect(
                error?.description
                    == "wg0 is connected already, which process 77 uses: stop that one first"
            )
            #expect(records.leftovers().isEmpty)
            #expect(throws: Never.self) { try RecordFolder(folder.path, namespace: 7).take("wg0") }
            held = nil
            #expect(RecordFolder(folder.path, namespace: 8).leftovers().isEmpty)
            let left = records.leftovers()
            #expect(left.map(\.record.device) == ["wg0"])
            #expect(throws: ConnectError.self) { try records.take("wg0") }
            left.forEach { $0.lock.remove() }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == ["wg0@7.connection"])
        }
    }
}
