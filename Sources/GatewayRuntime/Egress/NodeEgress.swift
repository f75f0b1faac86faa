package import NetAddress

/// What a node needs to know to let packets out of its networks.
package struct NodeEgress: Sendable {
    /// What the gateways' mapped ranges come from.
    package var pool: IPv4Prefix
    /// Tells this server's firewall table from that of another one on this machine.
    package var dataDirectory: String
    /// Where the gateways are. Packets leave for the internet in the name of this address where it is one of this
    /// machine's own; nil where it is none of IPv4. It may change.
    package var publicAddress: @Sendable () -> IPv4Address?

    package init(
        pool: IPv4Prefix,
        dataDirectory: String,
        publicAddress: @escaping @Sendable () -> IPv4Address?
    ) {
        self.pool = pool
        self.publicAddress = publicAddress
        self.dataDirectory = dataDirectory
    }
}
