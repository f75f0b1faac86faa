import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw wait gateway X --for provisioned`. The journal has what is waited for, so the change stream tells it.
struct WaitForGatewayCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Wait until a gateway is provisioned or deleted."
    )

    enum Goal: String, CaseIterable, ExpressibleByArgument {
        case provisioned, deleted
    }

    @Argument(help: "The gateway, by name or id.", completion: .names(of: GatewayNoun.self))
    var name: String
    @Option(name: .customLong("for"), help: "What to wait for: provisioned or deleted.") var goal:
        Goal
    @OptionGroup var wait: WaitOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: GatewayNoun.self)
        let waiting = wait.waiting(for: name, GatewayNoun.self, client)
        switch goal {
        case .deleted:
            guard let last = try await waiting.untilDeleted() else { return }
            let title = GatewayNoun.title(of: last).withoutControls
            try output.print(done: "Gateway '\(title)' is deleted.", last)
        case .provisioned:
            let gateway = try await waiting.untilChanged(to: "provisioned") { gateway in
                guard gateway.status != .provisioned else { return .reached }
                return .missing(gateway.statusReason)
            }
            try output.print(
                done: "Gateway '\(GatewayNoun.title(of: gateway).withoutControls)' is provisioned.",
                gateway
            )
        }
    }
}
