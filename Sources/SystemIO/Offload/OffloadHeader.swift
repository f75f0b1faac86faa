/// What stands before each packet of a TUN device (`struct virtio_net_hdr`): which work on it was left to
/// the receiver.
package struct OffloadHeader: Equatable {
    package static let length = 10

    package enum Kind: UInt8 {
        case single = 0
        case tcpV4 = 1
        case tcpV6 = 4
        case udp = 5

        var isTCP: Bool { self == .tcpV4 || self == .tcpV6 }
    }

    /// Nil where the kernel names a kind that it was not asked for.
    package var kind: Kind?
    /// The checksum is missing: its field holds the sum of the pseudo-header, and what it covers begins at
    /// `checksumStart`.
    package var needsChecksum: Bool
    package var headerLength: UInt16
    /// How many bytes each packet of a run carries behind its headers; the last may carry fewer.
    package var segmentSize: UInt16
    package var checksumStart: UInt16
    /// From there.
    package var checksumOffset: UInt16

    /// Of a packet that is complete.
    package static let plain = OffloadHeader(
        kind: .single,
        needsChecksum: false,
        headerLength: 0,
        segmentSize: 0,
        checksumStart: 0,
        checksumOffset: 0
    )

    private static let needsChecksumFlag: UInt8 = 1
    /// Beside a kind: its packets have bits of congestion notification, which cutting heeds anyhow.
    private static let congestionBit: UInt8 = 0x80

    package init(
        kind: Kind,
        needsChecksum: Bool,
        headerLength: UInt16,
        segmentSize: UInt16,
        checksumStart: UInt16,
        checksumOffset: UInt16
    ) {
        self.kind = kind
        self.needsChecksum = needsChecksum
        self.headerLength = headerLength
        self.segmentSize = segmentSize
        self.checksumStart = checksumStart
        self.checksumOffset = checksumOffset
    }

    /// From `length` bytes, in the machine's order of bytes.
    package init(_ bytes: UnsafeRawPointer) {
        let word = { bytes.loadUnaligned(fromByteOffset: $0, as: UInt16.self) }
        let flags = bytes.load(as: UInt8.self)
        kind = Kind(rawValue: bytes.load(fromByteOffset: 1, as: UInt8.self) & ~Self.congestionBit)
        needsChecksum = flags & Self.needsChecksumFlag != 0
        headerLength = word(2)
        segmentSize = word(4)
        checksumStart = word(6)
        checksumOffset = word(8)
    }

    package func write(to bytes: UnsafeMutableRawPointer) {
        bytes.storeBytes(of: needsChecksum ? Self.needsChecksumFlag : 0, as: UInt8.self)
        bytes.storeBytes(of: kind?.rawValue ?? 0, toByteOffset: 1, as: UInt8.self)
        bytes.storeBytes(of: headerLength, toByteOffset: 2, as: UInt16.self)
        bytes.storeBytes(of: segmentSize, toByteOffset: 4, as: UInt16.self)
        bytes.storeBytes(of: checksumStart, toByteOffset: 6, as: UInt16.self)
        bytes.storeBytes(of: checksumOffset, toByteOffset: 8, as: UInt16.self)
    }
}
