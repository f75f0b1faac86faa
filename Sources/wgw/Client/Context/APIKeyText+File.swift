import CommandLineProgram
import GatewayDomain
import GatewayService
import SystemIO

extension APIKeyText {
    /// The longest file that is read: a key with blanks and line feeds around it.
    private static let maximumFileBytes = 4_096
    static let form = "at least \(minimumLength) visible ASCII characters"

    /// The key on the one line of a file.
    ///
    /// - Parameter name: what the user calls the place that names the file, for errors.
    static func inFile(_ path: String, named name: String) throws(CommandFailure) -> String {
        var bytes: [UInt8]
        do throws(SmallFileError) {
            bytes = try SmallFile.read(path, atMost: maximumFileBytes)
        } catch {
            throw CommandFailure.usage("\(name): \(path) cannot be read: \(error)")
        }
        defer { bytes.wipe() }
        guard let text = onOneLine(bytes) else {
            throw CommandFailure.usage("\(name): \(path) must hold \(form), on one line")
        }
        return text
    }

    /// A key with blanks around it; nil for anything else.
    static func onOneLine(_ bytes: [UInt8]) -> String? {
        let isBlank = { (byte: UInt8) in [0x20, 0x09, 0x0a, 0x0d].contains(byte) }
        let key = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        let text = String(decoding: key, as: UTF8.self)
        return isAcceptable(text) ? text : nil
    }
}
