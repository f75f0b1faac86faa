import SystemIO

/// Whether the kernel joins the UDP datagrams that it forwards to peers. It joins those of TCP anyhow, and of UDP what
/// programs of the machine itself receive; without this, each datagram of a download over QUIC comes to the server alone.
enum ForwardedBatchCheck {
    static let feature = "rx-udp-gro-forwarding"

    /// Nothing where no server of this machine lets packets out.
    static func run(_ files: SystemFiles) -> [CheckResult] {
        guard EgressCheck.hasDevice(files), let address = Host.current.defaultRouteAddress,
            let interface = InterfaceNames.name(having: address)
        else { return [] }
        return results(of: interface, isOn: InterfaceNames.hasFeature(feature, interface))
    }

    /// - Parameter isOn: nil where the kernel does not know the feature, which came with Linux 5.12.
    static func results(of interface: String, isOn: Bool?) -> [CheckResult] {
        switch isOn {
        case nil: []
        case true?:
            [.ok(.udpForwarding, "\(interface) joins the UDP datagrams that go on to peers.")]
        case false?:
            [
                .warning(
                    .udpForwarding,
                    """
                    \(interface) hands over the UDP datagrams that go on to peers one by one, so that downloads over \
                    QUIC need more processor time.
                    """,
                    nextStep: """
                        Switch \(feature) on, and have a unit or a script do it at each start of the machine.
                        """,
                    command: "sudo ethtool -K \(interface) \(feature) on rx-gro-list off"
                )
            ]
        }
    }
}
