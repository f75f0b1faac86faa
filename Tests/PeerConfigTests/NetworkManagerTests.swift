import EndToEndSupport
import Foundation
import NetAddress
import PeerConfig
import TestSupport
import Testing

struct NetworkManagerTests {
    private static let hasNMCLI = (try? Command.run("which", "nmcli").status) == 0

    @Test("a keyfile for NetworkManager has the whole tunnel in its sections")
    func text() throws {
        #expect(
            try PeerTunnel.complete().config(for: .networkManager) == """
                [connection]
                id=office (laptop)
                uuid=6a09e667-f3bc-4908-b2fb-1366ea957d3e
                type=wireguard
                interface-name=wg-office

                [wireguard]
                mtu=1420
                private-key=\(ExampleKey.privateKey)

                [wireguard-peer.\(ExampleKey.gateway)]
                endpoint=64.16.243.3:5107
                preshared-key=\(ExampleKey.preshared)
                preshared-key-flags=0
                persistent-keepalive=25
                allowed-ips=172.27.0.0/24;172.27.1.0/24;

                [ipv4]
                address1=172.27.0.2/32
                method=manual

                [ipv6]
                method=disabled

                """
        )
    }

    @Test(
        "NetworkManager reads a keyfile as it was meant, whatever the names are",
        .enabled(if: hasNMCLI || ContinuousIntegration.isOn),
        arguments: hostileNames + ["laptop"]
    )
    func readBack(name: String) throws {
        var tunnel = try PeerTunnel.complete(peerName: name, networkName: name)
        tunnel.allowedPrefixes.append(try IPPrefix("2001:db8:1::/48"))
        let keyfile = tunnel.config(for: .networkManager)
        // Reads the keyfile, changes one property and writes all of it.
        let result = try Command.run(
            ["nmcli", "--offline", "connection", "modify", "connection.autoconnect", "no"],
            input: keyfile
        )
        try #require(result.status == 0, "\(result.output)")
        let read = result.lines.map(String.init)
        for line in keyfile.split(separator: "\n").map(String.init) {
            #expect(read.contains(line), "\(line) is not in \(result.output)")
        }
        #expect(
            Set(read).subtracting(keyfile.split(separator: "\n").map(String.init))
                == ["autoconnect=false", "[proxy]"]
        )
    }
}
