import CommandLineProgram
import GatewayDomain
import HTTPEdge

/// The API key that an operator chose, and where it came from.
struct GivenAPIKey: Equatable {
    let text: String
    /// The file that the key was read from; nil for a key given as text.
    let path: String?
    /// Whether it was given as an option, which every user of the machine can read.
    let isInOptions: Bool

    /// The longest file that is read: a key with blanks and line feeds around it.
    private static let maximumFileBytes = 4_096
    static let form = "at least \(APIKeyText.minimumLength) visible ASCII characters"

    /// Nil where none is given.
    init?(_ read: SettingReader) throws(CommandFailure) {
        let text = try read(Settings.apiKey)
        let path = try read(Settings.apiKeyFile)
        switch (text, path) {
        case (nil, nil): return nil
        case (_?, _?):
            throw CommandFailure.usage(
                """
                \(Settings.apiKey.entry.option) and \(Settings.apiKeyFile.entry.option) are two keys; \
                give one
                """
            )
        case (let text?, nil):
            self.text = text
            self.path = nil
            isInOptions =
                try read.sources.value(of: Settings.apiKey.entry)?.name
                == Settings.apiKey.entry.option
        case (nil, let path?):
            self.text = try Self.text(in: path)
            self.path = path
            isInOptions = false
        }
    }

    private static func text(in path: String) throws(CommandFailure) -> String {
        let option = Settings.apiKeyFile.entry.option
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
