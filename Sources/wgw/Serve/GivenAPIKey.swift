import CommandLineProgram
import GatewayDomain

/// The API key that an operator chose, and where it came from.
struct GivenAPIKey: Equatable {
    let text: String
    /// The file that the key was read from; nil for a key given as text.
    let path: String?
    /// Whether it was given as an option, which every user of the machine can read.
    let isInOptions: Bool

    static let form = APIKeyText.form

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
            self.text = try APIKeyText.inFile(path, named: Settings.apiKeyFile.entry.option)
            self.path = path
            isInOptions = false
        }
    }
}
