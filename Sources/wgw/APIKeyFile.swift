import Glibc

/// The first API key, kept for the operator who did not choose one; readable for its owner only.
struct APIKeyFile {
    let path: String

    init(directory: String) {
        path = directory + "/api-key"
    }

    var exists: Bool { access(path, F_OK) == 0 }

    func write(_ key: String) throws(ConfigurationProblem) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ConfigurationProblem("cannot write \(path)") }
        defer { close(descriptor) }
        let line = [UInt8]((key + "\n").utf8)
        guard Glibc.write(descriptor, line, line.count) == line.count, fsync(descriptor) == 0 else {
            throw ConfigurationProblem("cannot write \(path)")
        }
    }
}
