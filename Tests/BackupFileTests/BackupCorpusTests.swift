import Foundation
import TestSupport
import Testing

@testable import BackupFile

/// Files that no writer made, one hexadecimal file each. What a fuzzer finds is added and stays.
struct BackupCorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Corpus")

    private static func entries() throws -> [[UInt8]] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "hex" }
            .sorted { $0.path < $1.path }
            .map { file in
                let digits = try String(contentsOf: file, encoding: .utf8).filter(\.isHexDigit)
                return stride(from: 0, to: digits.count, by: 2).compactMap { offset in
                    UInt8(digits.dropFirst(offset).prefix(2), radix: 16)
                }
            }
    }

    @Test("the reader ends with an error for every entry of the corpus of backups")
    func replay() throws {
        let entries = try Self.entries()
        #expect(entries.count >= 5)
        for entry in entries {
            #expect(throws: BackupError.self) { try SampleBackup.read(entry, step: 7) }
        }
    }

    @Test(
        "the reader ends with an error for every mutation of the corpus and of a good backup",
        arguments: [1, 2, 3] as [UInt64]
    )
    func mutations(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let good = try SampleBackup(databaseBytes: 200).file()
        let pool = try Self.entries() + [good, good, good]
        for _ in 0..<3_000 {
            guard var file = pool.randomElement(using: &random) else { continue }
            for _ in 0..<Int.random(in: 1...4, using: &random) where !file.isEmpty {
                let index = Int.random(in: file.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: file[index] ^= UInt8.random(in: 1...255, using: &random)
                case 1: file.removeSubrange(index..<min(index + 9, file.count))
                case 2: file.insert(UInt8.random(in: 0...255, using: &random), at: index)
                default: file += file[..<index]
                }
            }
            guard file != good else { continue }
            #expect(throws: BackupError.self) { try SampleBackup.read(file) }
        }
    }
}
