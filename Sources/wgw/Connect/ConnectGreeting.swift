import CommandLineProgram
import ConnectRuntime
import HubRuntime
import NetAddress

/// What the user reads when the machine has its addresses and routes.
struct ConnectGreeting {
    let device: String
    let plan: ConnectPlan
    let configuration: HubConfiguration

    var text: String {
        var text = """
            wgw \(ProgramVersion.current.number)

              Interface   \(device), MTU \(plan.mtu)
              Addresses   \(list(plan.addresses.map(\.description)))
              Gateway     \(list(configuration.peers.compactMap { $0.endpoint?.description }))
              Routes      \(list(plan.routes.all.map(\.description)))

            """
        if let names = plan.nameServers {
            text += "  DNS         \(list(names.servers.map(\.description)))\n"
        }
        return text + """

            wgw show tells of the last handshake. Ctrl-C disconnects.
            wgw is ready

            """
    }

    /// The first few, and how many there are.
    private func list(_ words: [String]) -> String {
        guard !words.isEmpty else { return "none" }
        let shown = words.prefix(4).joined(separator: ", ")
        return words.count > 4 ? "\(shown) and \(words.count - 4) more" : shown
    }
}
