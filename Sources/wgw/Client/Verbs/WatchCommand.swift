import APIContract
import ArgumentParser
import GatewayClient
import GatewayDomain

/// A kind of object whose changes the journal has.
protocol WatchedNoun: NamedNoun {
    static var objectType: Event.ObjectType { get }
}

/// `wgw peer watch`, and that of every other noun that the journal has.
struct WatchCommand<N: WatchedNoun>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "watch",
            abstract: "Print changes of \(N.plural) as they are made, until Ctrl-C."
        )
    }

    @Argument(help: "The only \(N.phrase) to watch, by name or id.", completion: .names(of: N.self))
    var name: String?
    @OptionGroup var following: FollowingOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        var id: String?
        if let name { id = N.id(of: try await N.find(name, client)) }
        try await following.print(client, output) { event in
            event.objectType == N.objectType && (id == nil || event.objectID == id)
        }
    }
}
