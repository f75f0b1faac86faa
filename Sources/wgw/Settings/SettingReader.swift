import CommandLineProgram
import GatewayDomain
import Logging
import NetAddress

/// Reads one setting after the other, and says what a bad one should have been.
struct SettingReader {
    static let defaultLogLevel = "info"
    private static let workerLimit = 1...256

    let sources: SettingSources

    func callAsFunction<Value>(
        _ setting: Setting,
        _ fallback: String,
        as form: String,
        _ parse: (String) -> Value?
    ) throws(CommandFailure) -> Value {
        if let value = try self(optional: setting, as: form, parse) { return value }
        guard let value = parse(fallback) else {
            preconditionFailure("the default of \(setting) is \(fallback)")
        }
        return value
    }

    func callAsFunction<Value>(
        optional setting: Setting,
        as form: String,
        isSecret: Bool = false,
        _ parse: (String) -> Value?
    ) throws(CommandFailure) -> Value? {
        guard let (text, name) = try sources.value(of: setting) else { return nil }
        guard let value = parse(text) else {
            throw isSecret
                ? CommandFailure.usage("\(name) must be \(form)") : refusal(name, form, text)
        }
        return value
    }

    /// Nil for no limit.
    func count(_ setting: Setting) throws(CommandFailure) -> Int? {
        try self(optional: setting, as: "a number from 0") { text in
            Int(text).flatMap { $0 >= 0 ? $0 : nil }
        }
    }

    /// False where nothing is said.
    func flag(_ setting: Setting) throws(CommandFailure) -> Bool {
        try self(setting, "false", as: "true or false") { text -> Bool? in
            switch text {
            // A JSON file's `true` comes as the number 1.
            case "true", "1": true
            case "false", "0": false
            default: nil
            }
        }
    }

    /// An address that clients cannot send to would only show in clients that do not connect.
    func publicHost(host: Host) throws(CommandFailure) -> PublicHost {
        let setting = Setting.endpointAddress
        let form = "an IP address or a host name, like 192.0.2.1, 2001:db8::1 or vpn.example.com"
        guard let (text, name) = try sources.value(of: setting) else {
            guard let address = host.defaultRouteAddress else {
                throw CommandFailure.usage(
                    """
                    this machine has no default route, which would tell the address that clients \
                    reach it by; give \(setting.option) with that address or a host name, or with \
                    \(Host.loopback) for clients on this machine alone
                    """
                )
            }
            return .address(address)
        }
        guard let given = PublicHost(text) else { throw refusal(name, form, text) }
        if case .address(let address) = given, let obstacle = address.obstacle {
            throw CommandFailure.usage(
                "\(name) must be where clients reach this machine: \(address) \(obstacle)"
            )
        }
        return given
    }

    private func refusal(_ name: String, _ form: String, _ text: String) -> CommandFailure {
        CommandFailure.usage("\(name) must be \(form), not '\(text.prefix(60))'")
    }

    /// Nil for every address of the host, IPv6 and IPv4. That is what `::` means, as it does where
    /// the API listens. A link-local address of IPv6 names no socket without its link.
    func bindAddress() throws(CommandFailure) -> IPAddress? {
        let address = try self(
            optional: .bindAddress,
            as: """
                an IP address of this host that is not link-local, like 192.0.2.1 or 2001:db8::1, \
                or :: for all
                """
        ) { text -> IPAddress? in
            let address = IPAddress(setting: text)
            if case .v6(let v6) = address, v6.isLinkLocal { return nil }
            return address
        }
        return address == .v6(IPv6Address(high: 0, low: 0)) ? nil : address
    }

    /// One per processor unless something else is asked for.
    func workers(host: Host) throws(CommandFailure) -> Int {
        let limit = Self.workerLimit
        return try self(
            .workers,
            "\(min(max(host.processors, limit.lowerBound), limit.upperBound))",
            as: "a number from \(limit.lowerBound) to \(limit.upperBound)"
        ) { Int($0).flatMap { limit.contains($0) ? $0 : nil } }
    }

    func logLevel() throws(CommandFailure) -> Logger.Level {
        try self(
            .logLevel,
            Self.defaultLogLevel,
            as: "one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))"
        ) { Logger.Level(rawValue: $0) }
    }
}
