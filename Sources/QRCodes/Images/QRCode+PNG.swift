extension QRCode {
    /// An image of one bit per pixel (PNG, third edition). With eight pixels to a module, one byte is one
    /// module.
    package var png: [UInt8] {
        let side = UInt32(fullSize * Self.pixelsPerModule)
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        // Bit depth 1, grey; the only methods of compression and filtering; not interlaced.
        file += Self.chunk("IHDR", side.bigEndianBytes + side.bigEndianBytes + [1, 0, 0, 0, 0])
        file += Self.chunk("IDAT", compressedRows)
        file += Self.chunk("IEND", [])
        return file
    }

    private var compressedRows: [UInt8] {
        var stream = ZlibStream()
        for row in 0..<fullSize {
            // In front of each row stands its filter: 0 for none.
            let pixels = (0..<fullSize).map { isDark(row: row, column: $0) ? UInt8(0x00) : 0xFF }
            stream.append([0] + pixels, times: Self.pixelsPerModule)
        }
        return stream.finish()
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let checked = Array(type.utf8) + data
        return UInt32(data.count).bigEndianBytes + checked + crc32(checked).bigEndianBytes
    }

    /// The CRC of PNG, annex D, bit by bit: there are few bytes.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in
                crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1
            }
        }
    }
}

extension UInt32 {
    var bigEndianBytes: [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) }
    }
}
