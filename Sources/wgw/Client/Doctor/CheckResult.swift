import GatewayDomain

/// What one check of `wgw doctor` found on this machine.
struct CheckResult: Equatable, Sendable {
    /// What was looked at, as a word for programs.
    let code: Code
    let severity: Severity
    /// One or two whole sentences.
    let message: String
    /// What to do, in whole sentences; nil where nothing has to be done.
    var nextStep: String?
    /// The exact command that does it, where there is one.
    var command: String?

    static func ok(_ code: Code, _ message: String) -> CheckResult {
        CheckResult(code: code, severity: .ok, message: message)
    }

    static func warning(
        _ code: Code,
        _ message: String,
        nextStep: String,
        command: String? = nil
    ) -> CheckResult {
        CheckResult(
            code: code,
            severity: .warning,
            message: message,
            nextStep: nextStep,
            command: command
        )
    }

    static func error(
        _ code: Code,
        _ message: String,
        nextStep: String,
        command: String? = nil
    ) -> CheckResult {
        CheckResult(
            code: code,
            severity: .error,
            message: message,
            nextStep: nextStep,
            command: command
        )
    }

    enum Code: String, CaseIterable, Sendable {
        case server
        case version
        case clock
        case settings
        case endpoint
        case ports
        case socketBuffers = "socket_buffers"
        case receiveDrops = "receive_drops"
        case batches
        case openFiles = "open_files"
        case egress
        case webhooks
        case udpForwarding = "udp_forwarding"
    }
}
