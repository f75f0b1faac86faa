import CommandLineProgram
import QRCodes

/// A config as a QR code, which a phone scans off the screen.
enum QRCodeText {
    /// The lines of the code.
    ///
    /// - Throws: why there is none, and what to do.
    static func of(_ config: String, on screen: Screen) throws(CommandFailure) -> String {
        let code: QRCode
        do throws(QRCodeError) {
            code = try QRCode(config)
        } catch {
            throw CommandFailure("\(error)")
        }
        if let width = screen.width, width < code.fullSize {
            throw CommandFailure(
                "the QR code is \(code.fullSize) columns wide and the terminal \(width): make it wider, or use a smaller font"
            )
        }
        return code.terminalLines(inColors: screen.hasColors).map { $0 + "\n" }.joined()
    }
}
