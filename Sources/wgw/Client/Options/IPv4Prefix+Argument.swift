import ArgumentParser
import NetAddress

extension IPv4Prefix {
    /// Reads the value of an option.
    static func argument(_ text: String) throws -> IPv4Prefix {
        guard let prefix = try? IPv4Prefix(text) else {
            throw ValidationError("write a network like 10.64.0.0/16, whose host bits are zero")
        }
        return prefix
    }
}
