import EgressFirewall
import GatewayDomain

/// Whether rules of other programs drop what servers of this machine have the kernel forward.
enum EgressCheck {
    /// Nothing where the machine has no server with egress.
    static func run(_ files: SystemFiles) -> [CheckResult] {
        guard hasDevice(files) else { return [] }
        do throws(FirewallError) {
            return results(
                try EgressFirewall.obstaclesOnThisMachine(),
                legacyTables: legacyTables(files)
            )
        } catch .rightMissing {
            return [
                .ok(
                    .egress,
                    """
                    Whether other firewall rules drop packets that leave this machine cannot be seen by this user; \
                    sudo wgw doctor can.
                    """
                )
            ]
        } catch {
            return [
                .error(.egress, "\(error)", nextStep: "See that nft list ruleset works as root.")
            ]
        }
    }

    /// Whether a server of this machine lets packets out.
    static func hasDevice(_ files: SystemFiles) -> Bool {
        files.names(in: "/sys/class/net").contains { $0.hasPrefix("wgw") }
    }

    /// What keeps gateways from their way out, as their server says; each cause once.
    static func results(ofWaiting gateways: [(title: String, reason: String)]) -> [CheckResult] {
        var causes: [(reason: String, titles: [String])] = []
        for (title, reason) in gateways {
            if let index = causes.firstIndex(where: { $0.reason == reason }) {
                causes[index].titles.append(title)
            } else {
                causes.append((reason, [title]))
            }
        }
        return causes.compactMap { cause in
            let reason = StatusReason(cause.reason)
            guard reason.command != nil || reason.advice != nil else { return nil }
            let step = reason.advice.map { "On the machine that carries it, \($0)." }
            let count = cause.titles.count
            let subject = count == 1 ? "Gateway '\(cause.titles[0])' has" : "\(count) gateways have"
            return .error(
                .egress,
                "\(subject) no way out. \(reason.finding).",
                nextStep: step
                    ?? "Put that right on the machine that carries it; its gateways follow by themselves.",
                command: reason.command
            )
        }
    }

    /// The checks of the machine, without what they have of ways out that the server has told already.
    static func remaining(_ machine: [CheckResult], besides asked: [CheckResult]) -> [CheckResult] {
        let told = asked.filter { $0.code == .egress }
        guard !told.isEmpty else { return machine }
        return machine.filter { result in
            guard result.code == .egress else { return true }
            return result.severity != .ok
                && !told.contains { $0.command != nil && $0.command == result.command }
        }
    }

    /// The tables of iptables-legacy that the kernel has. The program nft, by which others' rules are read, does not
    /// see them.
    private static func legacyTables(_ files: SystemFiles) -> [String] {
        (files.text("/proc/net/ip_tables_names") ?? "").split(separator: "\n").map(String.init)
            .sorted()
    }

    static func results(
        _ obstacles: [ForwardObstacle]?,
        legacyTables: [String] = []
    ) -> [CheckResult] {
        guard let obstacles else { return [] }
        let legacy = legacyTables.isEmpty ? [] : [unseen(legacyTables)]
        guard !obstacles.isEmpty || !legacy.isEmpty else {
            return [
                .ok(
                    .egress,
                    "No other firewall rules drop packets that leave this machine for peers."
                )
            ]
        }
        return obstacles.map { obstacle in
            .error(
                .egress,
                obstacle.finding,
                nextStep: "Let them pass, and keep the rules where that program has its own.",
                command: obstacle.commands.joined(separator: " && ")
            )
        } + legacy
    }

    private static func unseen(_ tables: [String]) -> CheckResult {
        .warning(
            .egress,
            """
            This machine has rules of iptables-legacy (\(tables.joined(separator: ", "))), which cannot be judged here. \
            They may drop packets that leave this machine for peers.
            """,
            nextStep:
                "See that its chain FORWARD lets them pass, or use iptables-nft for these rules.",
            command: "sudo iptables-legacy -S FORWARD"
        )
    }
}
