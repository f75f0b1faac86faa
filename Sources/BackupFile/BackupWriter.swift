/// Writes a backup, part by part.
package struct BackupWriter {
    private let output: ([UInt8]) throws -> Void
    private var pieces: SealedPieces
    /// Less than a piece, or one that may turn out to be the last.
    private var waiting: [UInt8] = []
    /// Bytes of the current part that are still to be written.
    private var missing: UInt64 = 0

    /// - Parameters:
    ///   - madeAt: seconds since 1970.
    ///   - output: takes the bytes of the file in their order.
    package init(
        secret: BackupSecret,
        madeAt: UInt64,
        output: @escaping ([UInt8]) throws -> Void
    ) throws {
        try self.init(
            secret: secret,
            madeAt: madeAt,
            scryptExponent: BackupHeader.usualScryptExponent,
            output: output
        )
    }

    init(
        secret: BackupSecret,
        madeAt: UInt64,
        scryptExponent: UInt8,
        output: @escaping ([UInt8]) throws -> Void
    ) throws {
        let header = BackupHeader(for: secret, madeAt: madeAt, scryptExponent: scryptExponent)
        let keys = try secret.keys(for: header)
        pieces = SealedPieces(keys)
        self.output = output
        try output(header.bytes(signedWith: keys))
    }

    /// - Parameter length: of all bytes that `write` gets before the next part begins.
    package mutating func begin(_ part: BackupPart, length: UInt64) throws {
        precondition(missing == 0, "the part before is complete")
        missing = length
        try put([part.rawValue] + length.bytes)
    }

    package mutating func write(_ bytes: some Collection<UInt8>) throws {
        precondition(bytes.count <= missing, "a part has the length that was told")
        missing -= UInt64(bytes.count)
        try put(bytes)
    }

    package mutating func finish() throws {
        precondition(missing == 0, "the last part is complete")
        try put([BackupPart.end] + UInt64(0).bytes)
        try output(try pieces.seal(waiting, isLast: true))
        waiting = []
    }

    /// A full piece waits for what follows it, as only then it is known not to be the last.
    private mutating func put(_ bytes: some Collection<UInt8>) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            if waiting.count == SealedPieces.pieceLength {
                try output(try pieces.seal(waiting, isLast: false))
                waiting.removeAll(keepingCapacity: true)
            }
            let taken = rest.prefix(SealedPieces.pieceLength - waiting.count)
            waiting += taken
            rest = rest.dropFirst(taken.count)
        }
    }
}
