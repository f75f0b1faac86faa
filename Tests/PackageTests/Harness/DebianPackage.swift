import EndToEndSupport
import Foundation
import TestSupport

/// The package with the binary under test, as `make package` builds it but for its compression.
struct DebianPackage {
    let file: URL

    init(in folder: URL, environment: [String] = []) throws {
        let script = Self.repository.appending(path: "scripts/package").path
        let said = try Command.require(
            ["env"] + environment + [script, Program.binary.path, folder.path, "none"]
        )
        guard let path = said.split(separator: "\n").last else {
            throw Command.Failure(description: "scripts/package names no file: \(said)")
        }
        file = URL(filePath: String(path))
    }

    /// Its files, as they lie in the root of a machine.
    func unpack(into folder: URL) throws {
        try Command.require("dpkg-deb", "--extract", file.path, folder.path)
    }

    func field(_ name: String) throws -> String {
        try Command.require("dpkg-deb", "--field", file.path, name)
            .trimmingCharacters(in: .newlines)
    }

    static let repository = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// What is missing here to build and look at one, as a sentence; nil when nothing is.
    static let lacking: String? = {
        for program in ["dpkg-deb", "dpkg-shlibdeps", "strip", "man", "lexgrog", "systemd-analyze"]
        where (try? Command.run("which", program).status) != 0 {
            return "\(program) is not installed; `make test` installs it."
        }
        return nil
    }()

    static let allowTests = lacking == nil || ContinuousIntegration.isOn
}
