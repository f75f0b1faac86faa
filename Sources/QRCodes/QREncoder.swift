import Glibc

/// libqrencode, loaded when it is used: a program without it does all but this.
enum QREncoder {
    static let library = "libqrencode.so.4"
    /// The Debian package that has it.
    static let package = "libqrencode4"
    /// Of version 40 at level L.
    static let mostBytes = 2_953

    private static let levelL: UInt32 = 0

    // The declarations of qrencode.h 4.
    private typealias EncodeData =
        @convention(c) (
            _ size: Int32, _ data: UnsafePointer<UInt8>?, _ version: Int32, _ level: UInt32
        ) -> UnsafeMutableRawPointer?
    private typealias Free = @convention(c) (UnsafeMutableRawPointer?) -> Void

    /// `QRcode`: { int version; int width; unsigned char *data; }
    private enum Offset {
        static let width = MemoryLayout<Int32>.size
        static let data = 2 * MemoryLayout<Int32>.size
    }

    /// Asked for again for each code, so that a package that is installed later is found. Once it is loaded
    /// it stays (RTLD_NODELETE), and asking costs a look at a list.
    static func encode(
        _ bytes: [UInt8],
        with library: String = library
    ) throws(QRCodeError) -> QRCode {
        guard bytes.count <= mostBytes else { throw .tooLong(bytes: bytes.count) }
        guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE),
            let encodeSymbol = dlsym(handle, "QRcode_encodeData"),
            let freeSymbol = dlsym(handle, "QRcode_free")
        else { throw .libraryMissing }
        defer { dlclose(handle) }
        let encodeData = unsafeBitCast(encodeSymbol, to: EncodeData.self)
        let free = unsafeBitCast(freeSymbol, to: Free.self)
        // Version 0 is the smallest that has room.
        guard let code = encodeData(Int32(bytes.count), bytes, 0, levelL) else {
            throw .failed(code: errno)
        }
        defer { free(code) }
        let size = Int(code.load(fromByteOffset: Offset.width, as: Int32.self))
        let modules = code.load(
            fromByteOffset: Offset.data,
            as: UnsafePointer<UInt8>.self
        )
        // The lowest bit of a module tells whether it is dark.
        return QRCode(size: size, isDark: (0..<size * size).map { modules[$0] & 1 == 1 })
    }
}

extension QRCode {
    package init(_ text: String) throws(QRCodeError) {
        self = try QREncoder.encode(Array(text.utf8))
    }
}
