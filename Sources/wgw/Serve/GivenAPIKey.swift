import CommandLineProgram
import GatewayDomain
import GatewayService

/// The API key that an operator chose, and where it came from.
struct GivenAPIKey: Equatable {
    let text: String
    /// The file that it was read from, if it was.
    let path: String?
    /// Every user of the machine can read the options of a process.
    let isInOptions: Bool

    /// Of a key and of the blanks and line feeds around it.
    private static let maximumFileBytes = 4_096
    private static let form = "at least \(APIKeyText.minimumLength) visible ASCII characters"

    /// Nil where none is given.
    init?(_ read: SettingReader) throws(CommandFailure) {
        let text = try read(optional: .apiKey, as: Self.form, isSecret: true) {
            APIKeyText.isAcceptable($0) ? $0 : nil
        }
        let path = try read(optional: .apiKeyFile, as: "a path") { $0.isEmpty ? nil : $0 }
        switch (text, path) {
        case (nil, nil): return nil
        case (_?, _?):
            throw CommandFailure.usage(
                "\(Setting.apiKey.option) and \(Setting.apiKeyFile.option) are two keys; give one"
            )
        case (let text?, nil):
            self.text = text
            self.path = nil
            isInOptions = try read.sources.value(of: .apiKey)?.name == Setting.apiKey.option
        case (nil, let path?):
            self.text = try Self.text(in: path)
            self.path = path
            isInOptions = false
        }
    }

    private static func text(in path: String) throws(CommandFailure) -> String {
        let option = Setting.apiKeyFile.option
        var bytes: [UInt8]
        do throws(SmallFileError) {
            bytes = try SmallFile.read(path, atMost: maximumFileBytes)
        } catch {
            throw CommandFailure.usage("\(option): \(path) cannot be read: \(error)")
        }
        defer { bytes.wipe() }
        let isBlank = { (byte: UInt8) in [0x20, 0x09, 0x0a, 0x0d].contains(byte) }
        let key = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        let text = String(decoding: key, as: UTF8.self)
        guard APIKeyText.isAcceptable(text) else {
            throw CommandFailure.usage("\(option): \(path) must hold \(form), on one line")
        }
        return text
    }
}
