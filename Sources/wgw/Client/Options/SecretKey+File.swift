import CommandLineProgram
import SystemIO
import WireGuardCrypto

extension SecretKey {
    /// A key with blanks and line feeds around it, or a config file.
    private static let maximumFileBytes = 1 << 20

    /// The private key on the one line of a file, or in its `[Interface]`: in an argument, all users of the machine
    /// could read it.
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
        guard let key = key(bytes[...]) ?? keyOfInterface(bytes) else {
            throw .usage(
                """
                \(option): \(path) must hold a WireGuard key, 44 base64 characters, or be a config file with a \
                PrivateKey
                """
            )
        }
        return key
    }

    private static func key(_ bytes: ArraySlice<UInt8>) -> SecretKey? {
        let isBlank = { (byte: UInt8) in [0x20, 0x09, 0x0a, 0x0d].contains(byte) }
        let text = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return SecretKey(base64: String(decoding: text, as: UTF8.self))
    }

    /// Nil where there is not exactly one. No other section of a config file has one.
    private static func keyOfInterface(_ bytes: [UInt8]) -> SecretKey? {
        var keys: [SecretKey?] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let sign = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: line[..<sign], as: UTF8.self).filter {
                $0 != " " && $0 != "\t"
            }
            guard name.lowercased() == "privatekey" else { continue }
            keys.append(key(line[(sign + 1)...].prefix { $0 != UInt8(ascii: "#") }))
        }
        return keys.count == 1 ? keys[0] : nil
    }
}
