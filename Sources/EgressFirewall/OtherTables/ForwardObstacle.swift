import JSON
import NetAddress

/// Another program's chain that drops what this server has the kernel forward. Rules of ours cannot help:
/// a packet has to pass every table.
package struct ForwardObstacle: Equatable, Sendable, CustomStringConvertible {
    /// Whose rules these are, as far as their names tell.
    enum Author: Equatable {
        case docker
        case ufw
        case firewalld
        case iptables
        case other
    }

    let author: Author
    let family: String
    let table: String
    let chain: String
    let device: String
    /// Whether packets are dropped that leave, or only the answers to them.
    let isOnTheWayOut: Bool
    /// False where a rule that cannot be read here may let them pass.
    let isCertain: Bool

    /// All there are for the plan.
    ///
    /// - Parameters:
    ///   - own: the names of tables that servers have made.
    ///   - outputs: the devices through which packets leave the node.
    static func all(
        in ruleset: Ruleset,
        against plan: FirewallPlan,
        besides own: Set<String>,
        outputs: [String]
    ) -> [ForwardObstacle] {
        ruleset.forwardChains(besides: own).compactMap { chain in
            for packet in packets(of: plan, outputs: outputs) {
                let result = Passage.judge(packet, in: chain, of: ruleset)
                guard result != .passes else { continue }
                return ForwardObstacle(
                    author: author(of: chain, in: ruleset),
                    family: chain.family,
                    table: chain.table,
                    chain: chain.name,
                    device: plan.device,
                    isOnTheWayOut: packet.isNew,
                    isCertain: result == .isDropped
                )
            }
            return nil
        }
    }

    /// One to each service, or to anywhere, and the answers.
    private static func packets(of plan: FirewallPlan, outputs: [String]) -> [ForwardedPacket] {
        var destinations = plan.services.prefix(16).map { IPv4Address?.some($0.firstAddress) }
        if plan.hasInternet || destinations.isEmpty { destinations.append(nil) }
        let source = plan.mapped.first?.firstAddress
        let pairs = outputs.flatMap { output in destinations.map { (output, $0) } }
        return pairs.map { output, destination in
            ForwardedPacket(
                input: plan.device,
                output: output,
                isNew: true,
                source: source,
                destination: destination
            )
        }
            + pairs.map { output, destination in
                ForwardedPacket(
                    input: output,
                    output: plan.device,
                    isNew: false,
                    source: destination,
                    destination: source
                )
            }
    }

    private static func author(of chain: Ruleset.Chain, in ruleset: Ruleset) -> Author {
        let names = ruleset.names(besides: chain)
        if names.contains("DOCKER-USER") { return .docker }
        if names.contains(where: { $0.hasPrefix("ufw-") }) { return .ufw }
        if chain.table == "firewalld" { return .firewalld }
        if chain.family == "ip", chain.table == "filter", chain.name == "FORWARD" {
            return .iptables
        }
        return .other
    }

    package var description: String {
        "\(finding.dropLast()): run \(commands.joined(separator: " and "))."
    }

    /// What is wrong, without what to do: a sentence.
    package var finding: String {
        let packets =
            isOnTheWayOut
            ? "what \(device) gives the kernel to forward"
            : "the answers that the kernel is to forward to \(device)"
        return """
            \(program), in the table \(family) \(table), chain \(chain), \
            \(isCertain ? "drop" : "may drop") \(packets).
            """
    }

    private var program: String {
        switch author {
        case .docker: "The rules of Docker"
        case .ufw: "The rules of ufw"
        case .firewalld: "The rules of firewalld"
        case .iptables: "Rules of iptables"
        case .other: "Rules of another program"
        }
    }

    /// What lets the packets pass.
    package var commands: [String] {
        switch author {
        case .docker: iptables("DOCKER-USER")
        case .iptables: iptables("FORWARD")
        case .ufw:
            // Answers pass by a rule that ufw has itself.
            ["sudo ufw route allow in on \(device)"]
        case .firewalld:
            [
                "sudo firewall-cmd --permanent --zone=trusted --add-interface=\(device)",
                "sudo firewall-cmd --reload",
            ]
        case .other:
            [
                "sudo nft insert rule \(family) \(table) \(chain) iifname \(device) accept",
                """
                sudo nft insert rule \(family) \(table) \(chain) oifname \(device) \
                ct state established,related accept
                """,
            ]
        }
    }

    private func iptables(_ chain: String) -> [String] {
        [
            "sudo iptables -I \(chain) -i \(device) -j ACCEPT",
            """
            sudo iptables -I \(chain) -o \(device) -m conntrack \
            --ctstate RELATED,ESTABLISHED -j ACCEPT
            """,
        ]
    }
}
