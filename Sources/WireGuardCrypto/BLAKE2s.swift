/// BLAKE2s (RFC 7693), with or without a key.
public struct BLAKE2s: Sendable {
    public static let blockLength = 64
    public static let digestLength = 32

    private let digestLength: Int
    private var state: BLAKE2sState
    /// Bytes hashed so far, those in `block` not counted.
    private var total: UInt64 = 0
    private var block: [64 of UInt8] = .init(repeating: 0)
    private var buffered = 0

    public init(digestLength: Int = Self.digestLength) {
        self.init(keyLength: 0, digestLength: digestLength)
    }

    /// The key is the first block, filled up with zeros.
    public init(key: UnsafeRawBufferPointer, digestLength: Int = Self.digestLength) {
        precondition((1...32).contains(key.count))
        self.init(keyLength: key.count, digestLength: digestLength)
        withUnsafeMutableBytes(of: &block) { $0.copyMemory(from: key) }
        buffered = Self.blockLength
    }

    private init(keyLength: Int, digestLength: Int) {
        precondition((1...32).contains(digestLength))
        self.digestLength = digestLength
        // Section 2.5: fanout and depth are 1.
        state = BLAKE2sState(
            parameters: 0x0101_0000 ^ UInt32(keyLength) << 8 ^ UInt32(digestLength)
        )
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // A full block waits until more comes: the last one is compressed in `finalize`.
            compressFullBlock()
            let taken = rest.prefix(Self.blockLength - buffered)
            withUnsafeMutableBytes(of: &block) {
                UnsafeMutableRawBufferPointer(rebasing: $0[buffered...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: taken))
            }
            buffered += taken.count
            rest = rest.dropFirst(taken.count)
        }
    }

    public mutating func finalize(into digest: UnsafeMutableRawBufferPointer) {
        precondition(digest.count == digestLength)
        withUnsafeMutableBytes(of: &block) { block in
            for index in buffered..<Self.blockLength { block[index] = 0 }
        }
        compressBlock(isLast: true)
        state.store(into: digest)
    }

    /// For a block that is full and not the last: compresses it now, so that copies of this value need not.
    mutating func compressFullBlock() {
        guard buffered == Self.blockLength else { return }
        compressBlock(isLast: false)
        buffered = 0
    }

    private mutating func compressBlock(isLast: Bool) {
        total &+= UInt64(buffered)
        withUnsafeBytes(of: &block) { bytes in
            state.compress(bytes, total: total, isLast: isLast)
        }
    }
}
