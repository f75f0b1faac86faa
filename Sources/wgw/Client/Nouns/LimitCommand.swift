import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// A kind of object whose traffic can be limited.
protocol LimitedNoun: NamedNoun {
    /// Whose traffic it is, in a sentence.
    static var limited: String { get }

    static func subject(of answer: Answer) -> LimitSubject
}

extension PeerNoun: LimitedNoun {
    static let limited = "a peer"
    static func subject(of peer: Answer) -> LimitSubject { .peer(peer.id) }
}

extension GatewayNoun: LimitedNoun {
    static let limited = "all peers of a gateway together"
    static func subject(of gateway: Answer) -> LimitSubject { .gateway(gateway.id) }
}

extension OrganizationNoun: LimitedNoun {
    static let limited = "all peers of an organization together"
    static func subject(of organization: Answer) -> LimitSubject { .organization(organization.id) }
}

/// `wgw peer limit laptop --quota 10GB`, and that of gateways and organizations.
struct LimitCommand<N: LimitedNoun>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "limit",
            abstract: "Show or set what \(N.limited) may use.",
            discussion: """
                Without options it shows what is set, and what of the quota is used. Options set what they name and \
                keep the rest; the word none takes one limit away, and --none all of them. Bytes and bits are those of \
                packets inside of the tunnel.
                """
        )
    }

    @Argument(help: "The \(N.word), by name or id.", completion: .names(of: N.self)) var name:
        String
    @OptionGroup(title: "Limits") var limits: LimitOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: LimitsNoun.self)
        let found = try await N.find(name, client)
        let subject = N.subject(of: found)
        let title = "\(N.word) '\(N.title(of: found).withoutControls)'"
        if limits.none {
            let last = try await client.deleteLimits(of: subject)
            let sentence = "\(title) has no limits\(last == nil ? "" : " any more")"
            return try output.print(done: sentence, last)
        }
        if limits.sets {
            let set = try await client.changeLimits(of: subject) {
                try limits.request(changing: $0)
            }
            guard set.limitsNothing else { return try await output.print(set, client) }
            return try output.print(done: "\(title) has no limits", set)
        }
        guard let set = try await client.limits(of: subject) else {
            throw CommandFailure(
                "\(title) has no limits; wgw \(N.word) limit \(name.shellWord) --up 10M sets one",
                .notFound
            )
        }
        try await output.print(set, client)
    }
}

extension Decoded<LimitsMembers> {
    fileprivate var limitsNothing: Bool {
        self.rxRate == nil && self.txRate == nil && self.quota == nil && self.connectedPeers == nil
    }
}
