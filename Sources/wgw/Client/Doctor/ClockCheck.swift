import GatewayDomain

/// Whether the clocks of the server and of this machine agree. WireGuard itself wants only that a client's clock
/// does not go back.
enum ClockCheck {
    private static let tolerance = Duration.seconds(30)

    /// - Parameters:
    ///   - server: the time that the server told, between the two others.
    ///   - asked: the time here when it was asked.
    ///   - answered: the time here when its answer had come.
    static func run(server: Timestamp, asked: Timestamp, answered: Timestamp) -> CheckResult {
        let ahead = seconds(server, asked)
        let behind = seconds(answered, server)
        guard max(ahead, behind) > tolerance.components.seconds else {
            return .ok(.clock, "The clocks of the server and of this machine agree.")
        }
        let (difference, side) = ahead > behind ? (ahead, "ahead of") : (behind, "behind")
        return .warning(
            .clock,
            "The clock of this machine is \(difference) seconds \(side) the server's.",
            nextStep: "Let both machines keep their time by NTP.",
            command: "sudo timedatectl set-ntp true"
        )
    }

    /// From one time to a later one; negative where it is earlier.
    private static func seconds(_ first: Timestamp, _ second: Timestamp) -> Int64 {
        (second.microseconds - first.microseconds) / 1_000_000
    }
}
