import CommandLineProgram
import HTTPEdge
import WireGuardCrypto

extension SecretKey {
    /// A key with blanks and line feeds around it.
    private static let maximumFileBytes = 4_096

    /// The private key on the one line of a file: in an argument, all users of the machine could read it.
    ///
    /// - Parameter option: the one that names the file, for errors.
    static func inFile(
        _ path: String,
        named option: String
    ) throws(CommandFailure) -> SecretKey {
        var bytes: [UInt8]
        do throws(SmallFileError) {
            bytes = try SmallFile.read(path, atMost: maximumFileBytes)
        } catch {
            throw .usage("\(option): \(path) cannot be read: \(error)")
        }
        defer { bytes.wipe() }
        let isBlank = { (byte: UInt8) in [0x20, 0x09, 0x0a, 0x0d].contains(byte) }
        let text = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        guard let key = SecretKey(base64: String(decoding: text, as: UTF8.self)) else {
            throw .usage("\(option): \(path) must hold a WireGuard key, 44 base64 characters")
        }
        return key
    }
}
