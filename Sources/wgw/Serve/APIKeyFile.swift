import CommandLineProgram
import GatewayDomain
import GatewayService

/// The first API key, kept for the operator who did not choose one; readable for its owner only.
struct APIKeyFile {
    private let file: SecretFile

    init(directory: String) {
        file = SecretFile(directory + "/api-key")
    }

    var path: String { file.path }
    var exists: Bool { file.exists }

    /// A key that is in the file. One that is there already was left by a first start that was
    /// interrupted before the key opened anything.
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
