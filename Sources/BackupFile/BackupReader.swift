/// A file whose header was read, and that waits for its secret.
package struct ClosedBackup {
    package let header: BackupHeader
    private let headerBytes: [UInt8]
    private var input: Lookahead

    /// - Parameter input: gives the next bytes of the file, at most as many as it is asked for; none at
    ///   the end of the file.
    package init(input: @escaping (Int) throws -> [UInt8]) throws {
        self.input = Lookahead(input: input)
        headerBytes = Array(try self.input.next(BackupHeader.length))
        header = try BackupHeader(headerBytes)
    }

    package func open(with secret: BackupSecret) throws -> BackupReader {
        guard secret.kind == header.secretKind else {
            throw BackupError.otherSecret(needed: header.secretKind)
        }
        let keys = try secret.keys(for: header)
        guard header.isSigned(headerBytes, with: keys) else {
            throw BackupError.secretDoesNotFit(header.secretKind)
        }
        return BackupReader(input, SealedPieces(keys))
    }
}

/// Reads a backup, part by part. What it gives is what was written: bytes that are not are never given.
package struct BackupReader {
    private var input: Lookahead
    private var pieces: SealedPieces
    /// Of the last opened piece, what was not given yet.
    private var opened: ArraySlice<UInt8> = []
    private var hasOpenedLast = false
    private var lastPart: UInt8 = 0
    /// Bytes of the current part that were not given yet.
    private var missing: UInt64 = 0

    fileprivate init(_ input: Lookahead, _ pieces: SealedPieces) {
        self.input = input
        self.pieces = pieces
    }

    /// The next part; what was not read of the one before is passed over. Nil at the end, which is reached
    /// only where the file ends as it was written.
    package mutating func nextPart() throws -> (part: BackupPart, length: UInt64)? {
        while try !read().isEmpty {}
        var head: [UInt8] = []
        while head.count < BackupPart.headLength {
            head += try take(BackupPart.headLength - head.count)
        }
        let length = head.dropFirst().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if head[0] == BackupPart.end {
            guard length == 0, opened.isEmpty, hasOpenedLast else { throw BackupError.damaged }
            return nil
        }
        // All of this was sealed by a wgw, so that a part that this one does not know is of a newer one.
        guard let part = BackupPart(rawValue: head[0]) else { throw BackupError.newerFormat }
        guard part.rawValue > lastPart, length <= part.longest else { throw BackupError.damaged }
        lastPart = part.rawValue
        missing = length
        return (part, length)
    }

    /// The next bytes of the current part; none at its end.
    package mutating func read() throws -> ArraySlice<UInt8> {
        guard missing > 0 else { return [] }
        let bytes = try take(Int(clamping: missing))
        missing -= UInt64(bytes.count)
        return bytes
    }

    /// Between one and `most` bytes.
    private mutating func take(_ most: Int) throws -> ArraySlice<UInt8> {
        if opened.isEmpty {
            guard !hasOpenedLast else { throw BackupError.damaged }
            let sealed = try input.next(SealedPieces.pieceLength + SealedPieces.tagLength)
            hasOpenedLast = try input.isAtEnd()
            opened = try pieces.open(sealed, isLast: hasOpenedLast)[...]
            guard !opened.isEmpty else { throw BackupError.damaged }
        }
        let taken = opened.prefix(most)
        opened = opened.dropFirst(taken.count)
        return taken
    }
}

/// Reads a file in pieces of a wanted length, one read ahead: it knows when a piece was the last.
private struct Lookahead {
    let input: (Int) throws -> [UInt8]
    private var buffer: ArraySlice<UInt8> = []
    private var hasEnded = false

    init(input: @escaping (Int) throws -> [UInt8]) {
        self.input = input
    }

    /// Fewer than wanted only where the file ends.
    mutating func next(_ count: Int) throws -> ArraySlice<UInt8> {
        while buffer.count < count, try fill(count) {}
        let taken = buffer.prefix(count)
        buffer = ArraySlice(buffer.dropFirst(taken.count))
        return taken
    }

    mutating func isAtEnd() throws -> Bool {
        if buffer.isEmpty { _ = try fill(1 << 14) }
        return buffer.isEmpty
    }

    /// - Returns: false at the end of the file.
    private mutating func fill(_ count: Int) throws -> Bool {
        guard !hasEnded else { return false }
        let bytes = try input(count)
        hasEnded = bytes.isEmpty
        buffer += bytes
        return !hasEnded
    }
}
