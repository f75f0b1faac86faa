import Foundation

/// What the environment says about servers.
struct ClientEnvironment {
    static let current = ClientEnvironment(ProcessInfo.processInfo.environment)

    private let variables: [String: String]

    init(_ variables: [String: String]) {
        self.variables = variables
    }

    var url: String? { value("WGW_URL") }
    var apiKey: String? { value("WGW_API_KEY") }
    var apiKeyFile: String? { value("WGW_API_KEY_FILE") }
    var fingerprint: String? { value("WGW_FINGERPRINT") }
    var dataDirectory: String? { value("WGW_DATA_DIR") }

    /// The folder of this user's settings: https://specifications.freedesktop.org/basedir-spec.
    var configFolder: String? {
        // A relative path is not valid there.
        if let folder = value("XDG_CONFIG_HOME"), folder.hasPrefix("/") { return folder + "/wgw" }
        return value("HOME").map { $0 + "/.config/wgw" }
    }

    /// The folder of what commands of this user have begun.
    var stateFolder: String? {
        if let folder = value("XDG_STATE_HOME"), folder.hasPrefix("/") { return folder + "/wgw" }
        return value("HOME").map { $0 + "/.local/state/wgw" }
    }

    /// A variable that is set to nothing counts as not set.
    private func value(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
