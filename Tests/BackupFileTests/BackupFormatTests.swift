import TestSupport
import Testing

@testable import BackupFile

struct BackupFormatTests {
    private static let piece = SealedPieces.pieceLength

    @Test("a backup of any size is read as it was written, in whatever steps both are done")
    func anySize() throws {
        var random = SplitMix64(seed: 42)
        let edges = (1...2).flatMap { count in (-60...4).map { count * Self.piece + $0 } }
        for size in [0, 1] + edges.shuffled(using: &random).prefix(24) + [5 * Self.piece] {
            let sample = SampleBackup(databaseBytes: size, seed: UInt64(size))
            let file = try sample.file(step: Int.random(in: 1...100_000, using: &random) + 500)
            let step = Int.random(in: 1_000...100_000, using: &random)
            let parts = try SampleBackup.read(file, step: step)
            #expect(parts.elementsEqual(sample.parts) { $0 == $1 }, "\(size) bytes")
        }
    }

    @Test("a backup of which one bit is changed is refused, wherever that bit is")
    func everyBit() throws {
        let file = try SampleBackup(databaseBytes: 40).file()
        for index in file.indices {
            for bit in 0..<8 {
                var changed = file
                changed[index] ^= 1 << bit
                #expect(throws: BackupError.self, "bit \(bit) of byte \(index)") {
                    try SampleBackup.read(changed)
                }
            }
        }
    }

    @Test("a backup that is cut off or goes on behind its end is refused, wherever that is")
    func everyLength() throws {
        let file = try SampleBackup(databaseBytes: 40).file()
        for length in file.indices {
            #expect(throws: BackupError.self, "\(length) bytes") {
                try SampleBackup.read(Array(file[..<length]))
            }
        }
        #expect(throws: BackupError.damaged) { try SampleBackup.read(file + [0]) }
        #expect(throws: BackupError.damaged) { try SampleBackup.read(file + file) }
    }

    @Test("a backup whose pieces are missing, doubled or in another order is refused")
    func pieces() throws {
        let file = try SampleBackup(databaseBytes: 3 * Self.piece).file()
        let ranges = SampleBackup.pieces(of: file)
        try #require(ranges.count == 4)
        let header = Array(file[..<BackupHeader.length])
        func assembled(_ order: [Int]) -> [UInt8] { order.reduce(header) { $0 + file[ranges[$1]] } }
        #expect(try SampleBackup.read(assembled([0, 1, 2, 3])).count == 3)
        let orders = [
            [], [0], [0, 1], [0, 1, 2], [1, 2, 3], [0, 2, 3], [0, 1, 3], [1, 0, 2, 3],
            [0, 2, 1, 3], [0, 1, 3, 2], [0, 0, 1, 2, 3], [0, 1, 2, 2, 3], [0, 1, 2, 3, 3], [3],
        ]
        for order in orders {
            #expect(throws: BackupError.damaged, "\(order)") {
                try SampleBackup.read(assembled(order))
            }
        }
    }

    @Test("a piece is opened in its place only, and as the last only where it was sealed as that")
    func places() throws {
        let header = BackupHeader(for: SampleBackup.secret, madeAt: 0, scryptExponent: 15)
        let keys = try SampleBackup.secret.keys(for: header)
        for isLast in [false, true] {
            var pieces = SealedPieces(keys)
            let sealed = try [false, isLast].map { try pieces.seal([1, 2, 3], isLast: $0) }
            var right = SealedPieces(keys)
            #expect(try right.open(sealed[0][...], isLast: false) == [1, 2, 3])
            #expect(try right.open(sealed[1][...], isLast: isLast) == [1, 2, 3])
            var otherEnd = SealedPieces(keys)
            _ = try otherEnd.open(sealed[0][...], isLast: false)
            #expect(throws: BackupError.damaged) {
                try otherEnd.open(sealed[1][...], isLast: !isLast)
            }
            var otherPlace = SealedPieces(keys)
            #expect(throws: BackupError.damaged) {
                try otherPlace.open(sealed[1][...], isLast: isLast)
            }
        }
    }

    @Test("pieces of another backup with the same secret do not fit into a backup")
    func otherBackup() throws {
        let file = try SampleBackup(databaseBytes: 10).file()
        let other = try SampleBackup(databaseBytes: 10).file()
        let mixed = file[..<BackupHeader.length] + other[BackupHeader.length...]
        #expect(throws: BackupError.damaged) { try SampleBackup.read(Array(mixed)) }
    }

    @Test("a backup is opened by its own secret only, and a wrong one is told from damage")
    func secrets() throws {
        let sample = SampleBackup(databaseBytes: 10)
        let passphrase = BackupSecret.passphrase(Array("correct horse battery".utf8))
        let file = try sample.file(secret: passphrase)
        #expect(try SampleBackup.read(file, secret: passphrase).count == 3)
        let wrong = BackupSecret.passphrase(Array("correct horse batterY".utf8))
        #expect(throws: BackupError.secretDoesNotFit(.passphrase)) {
            try SampleBackup.read(file, secret: wrong)
        }
        #expect(throws: BackupError.otherSecret(needed: .passphrase)) {
            try SampleBackup.read(file)
        }
        #expect(throws: BackupError.secretDoesNotFit(.keyFile)) {
            try SampleBackup.read(
                try sample.file(),
                secret: .keyFile(Array(repeating: 0, count: 32))
            )
        }
    }

    @Test("neither a secret nor what is backed up can be read in a backup")
    func isSealed() throws {
        let text = "not to be read anywhere"
        var sample = SampleBackup(databaseBytes: 0)
        sample.parts = [
            (.database, Array(repeating: Array(text.utf8), count: 9_000).flatMap { $0 })
        ]
        let file = try sample.file(secret: .keyFile(Array(text.utf8) + Array(text.utf8)))
        #expect(String(decoding: file, as: UTF8.self).contains(text) == false)
    }

    @Test("a header that asks for more work than is sensible is refused before any is done")
    func costs() throws {
        let passphrase = BackupSecret.passphrase(Array("correct horse battery".utf8))
        let file = try SampleBackup(databaseBytes: 10).file(secret: passphrase)
        for exponent in [0, 14, 21, 63, 255] as [UInt8] {
            var changed = file
            changed[14] = exponent
            #expect(throws: BackupError.damaged) {
                try SampleBackup.read(changed, secret: passphrase)
            }
        }
    }

    @Test("the file of another program and the backup of a newer version are told apart")
    func foreignFiles() throws {
        let file = try SampleBackup(databaseBytes: 10).file()
        var newer = file
        newer[11] = UInt8(ascii: "2")
        #expect(throws: BackupError.newerFormat) { try SampleBackup.read(newer) }
        #expect(throws: BackupError.foreign) { try SampleBackup.read([]) }
        #expect(throws: BackupError.foreign) {
            try SampleBackup.read(Array("SQLite format 3".utf8))
        }
    }

    @Test("parts that a hostile writer with the secret makes up are refused")
    func hostileParts() throws {
        let end = [0] + UInt64(0).bytes
        let (longer, many) = (UInt64(4_097), [UInt8](repeating: 0, count: 4_097))
        let heads: [([UInt8], BackupError)] = [
            ([3] + UInt64.max.bytes, .damaged),
            ([1] + longer.bytes + many + end, .damaged),
            ([2] + UInt64(0).bytes + [1] + UInt64(0).bytes + end, .damaged),
            ([2] + UInt64(0).bytes + [2] + UInt64(0).bytes + end, .damaged),
            ([9] + UInt64(0).bytes + end, .newerFormat),
            ([0] + UInt64(1).bytes, .damaged),
            (end + [0], .damaged),
            ([3] + UInt64(5).bytes + [1, 2], .damaged),
            ([3], .damaged),
        ]
        for (inner, error) in heads {
            let header = BackupHeader(for: SampleBackup.secret, madeAt: 0, scryptExponent: 15)
            let keys = try SampleBackup.secret.keys(for: header)
            var pieces = SealedPieces(keys)
            let sealed = try pieces.seal(inner, isLast: true)
            let file = header.bytes(signedWith: keys) + sealed
            #expect(throws: error, "\(inner)") { try SampleBackup.read(file) }
        }
    }
}
