import CommandLineProgram
import GatewayDeclaration
import Glibc
import SystemIO

/// Where a declaration comes from.
struct DeclarationFile {
    /// A path, or `-` for standard input.
    let path: String

    /// As errors call it.
    var name: String { isStandardInput ? "standard input" : path }

    private var isStandardInput: Bool { path == "-" }

    func read() throws(CommandFailure) -> String {
        let bytes: [UInt8]
        do throws(SmallFileError) {
            let limit = Declaration.maximumBytes
            bytes =
                isStandardInput
                ? try SmallFile.read(STDIN_FILENO, atMost: limit)
                : try SmallFile.read(path, atMost: limit)
        } catch {
            throw CommandFailure("\(name) cannot be read: \(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("\(name) is not a text in UTF-8; nothing was changed")
        }
        return text
    }
}
