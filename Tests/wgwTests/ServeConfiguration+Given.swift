import CommandLineProgram
import GatewayDomain
import NetAddress

@testable import wgw

/// What a server on a machine with three processors makes of what it is given.
/// - Parameter options: by their names, without the hyphens in front.
/// - Parameter file: the path of a config file.
@discardableResult
func configuration(
    options: [String: String] = [:],
    environment: [String: String] = [:],
    file: String? = nil,
    defaultRouteAddress: IPAddress? = IPAddress("198.51.100.7")
) async throws -> ServeConfiguration {
    var given: [SettingEntry: String] = [:]
    for setting in ServeCommand.settings { given[setting] = options[setting.key] }
    given[Settings.config.entry] = file
    return try await configuration(
        given: given,
        environment: environment,
        defaultRouteAddress: defaultRouteAddress
    )
}

func configuration(
    given options: [SettingEntry: String],
    environment: [String: String] = [:],
    defaultRouteAddress: IPAddress? = IPAddress("198.51.100.7"),
    configFile: String? = nil,
    stateDirectory: String? = nil
) async throws -> ServeConfiguration {
    let host = Host(
        processors: 3,
        defaultRouteAddress: defaultRouteAddress,
        now: Timestamp(microseconds: 0),
        configFile: configFile,
        stateDirectory: stateDirectory
    )
    let sources = try await SettingSources(
        options: options,
        environment: environment,
        settings: ServeCommand.settings,
        host: host
    )
    return try ServeConfiguration(from: sources, host: host)
}
