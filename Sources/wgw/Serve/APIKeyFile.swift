import CommandLineProgram
import GatewayDomain
import GatewayService
import SystemIO

/// The file of the first API key where the operator chose none; readable for its owner only.
struct APIKeyFile {
    private let file: SecretFile

    init(directory: String) {
        file = SecretFile(directory + "/api-key")
    }

    var path: String { file.path }
    var exists: Bool { file.exists }

    /// Nil where the operator chose the first key.
    func key() throws -> String? { try file.read() }

    /// Makes a key and writes it into the file. A file that is there already is of a first start that was
    /// interrupted before the key was stored, and its key is taken.
    func makeKey() throws -> String {
        if let kept = try file.read() {
            guard APIKeyText.isAcceptable(kept) else {
                throw CommandFailure.usage("\(path) holds no API key; move it away and start again")
            }
            return kept
        }
        let key = APIKeyText.make()
        try file.create(key)
        return key
    }
}
