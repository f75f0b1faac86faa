import ArgumentParser
import GatewayDomain
import NetAddress

/// Which addresses lead to a peer.
struct PeerAddressOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The peer's address inside the tunnel: a free one of the gateway's subnet.",
            valueName: "address"
        ),
        transform: IPv4Address.argument
    )
    var address: IPv4Address?

    @Option(
        name: [.customLong("allowed-ips"), .customLong("route")],
        help: ArgumentHelp(
            "The networks behind the peer, separated by commas; none for none.",
            valueName: "prefixes"
        ),
        transform: { try [IPPrefix].argument($0) }
    )
    var allowedIPs: [IPPrefix]?

    var isEmpty: Bool { address == nil && allowedIPs == nil }

    /// As a request has the networks; absent where they are not to be changed.
    var requestedAllowedIPs: Field<[Field<IPPrefix>]> {
        allowedIPs.map { .value($0.map { .value($0) }) } ?? .absent
    }
}
