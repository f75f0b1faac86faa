/// A QR code (ISO/IEC 18004) of error correction level L, which needs the fewest modules: a screen does
/// not get scratched.
package struct QRCode: Equatable, Sendable {
    /// Light modules around the symbol, which readers need to find it.
    package static let quietZone = 4

    /// Modules on each side of the symbol, without the quiet zone.
    package let size: Int
    /// Row by row.
    private let isDark: [Bool]

    init(size: Int, isDark: [Bool]) {
        precondition(isDark.count == size * size)
        self.size = size
        self.isDark = isDark
    }

    /// Modules on each side, with the quiet zone.
    package var fullSize: Int { size + 2 * Self.quietZone }

    /// Counted with the quiet zone, from the upper left corner. What lies outside is light.
    func isDark(row: Int, column: Int) -> Bool {
        let row = row - Self.quietZone
        let column = column - Self.quietZone
        guard (0..<size).contains(row), (0..<size).contains(column) else { return false }
        return isDark[row * size + column]
    }
}

package enum QRCodeError: Error, Equatable, CustomStringConvertible {
    case libraryMissing
    case tooLong(bytes: Int)
    case failed(code: Int32)

    package var description: String {
        switch self {
        case .libraryMissing:
            "QR codes are made by \(QREncoder.library), which this machine does not have: install the"
                + " Debian package \(QREncoder.package)."
        case .tooLong(let bytes):
            "A text of \(bytes) bytes does not fit into a QR code, which holds \(QREncoder.mostBytes)."
        case .failed(let code):
            "\(QREncoder.library) could not make the QR code (error \(code))."
        }
    }
}
