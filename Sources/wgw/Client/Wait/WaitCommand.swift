import ArgumentParser

/// `wgw wait`.
struct WaitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until a gateway or a peer is as it should be.",
        discussion: """
            wgw wait gateway X --for provisioned   until the gateway carries packets
            wgw wait peer X --for handshake        until the peer is connected
            wgw wait peer X --for deleted          until there is no such peer

            Ends with status 7 where that takes longer than --timeout.
            """,
        subcommands: [WaitForGatewayCommand.self, WaitForPeerCommand.self]
    )
}
