import Foundation
import NetAddress

/// What a client on this machine needs to know.
extension ServeConfiguration {
    /// - Parameter port: that of the listener; the setting may leave the choice to the system.
    func localURL(port: Int) -> String {
        let isAny = ["0.0.0.0", "::"].contains(listen.address.description)
        let endpoint = Endpoint(
            address: isAny ? Host.loopback : listen.address,
            port: UInt16(port)
        )
        return "\(tls == nil ? "http" : "https")://\(endpoint)"
    }

    /// The file with the API key; nil where none has it.
    func keyPath(_ made: APIKeyFile) -> String? {
        if let apiKey { return apiKey.path.map(Self.absolute) }
        return made.exists ? Self.absolute(made.path) : nil
    }

    /// It may be used from another working directory.
    static func absolute(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }
}
