import EndToEndSupport
import Foundation
import NetAddress
import PeerConfig
import TestSupport
import Testing

struct NetworkdTests {
    private static let daemon = "/lib/systemd/systemd-networkd"
    private static let hasDaemon =
        FileManager.default.isExecutableFile(atPath: daemon) && Privileges.lacking == nil

    @Test("systemd-networkd gets a netdev file and a network file, each with its path")
    func text() throws {
        #expect(
            try PeerTunnel.complete().config(for: .networkd) == """
                # /etc/systemd/network/50-wg-office.netdev
                # Mode 0640, group systemd-network, as it holds the private key.
                [NetDev]
                Name=wg-office
                Kind=wireguard
                Description=office (laptop) over WireGuard
                MTUBytes=1420

                [WireGuard]
                PrivateKey=\(ExampleKey.privateKey)

                [WireGuardPeer]
                PublicKey=\(ExampleKey.gateway)
                PresharedKey=\(ExampleKey.preshared)
                AllowedIPs=172.27.0.0/24,172.27.1.0/24
                Endpoint=64.16.243.3:5107
                PersistentKeepalive=25

                # /etc/systemd/network/50-wg-office.network
                [Match]
                Name=wg-office

                [Network]
                Address=172.27.0.2/32

                [Route]
                Destination=172.27.0.0/24
                Scope=link

                [Route]
                Destination=172.27.1.0/24
                Scope=link

                """
        )
    }

    @Test(
        "systemd-networkd takes both files without a complaint, whatever the names are",
        .enabled(if: hasDaemon || ContinuousIntegration.isOn),
        arguments: hostileNames + ["laptop"]
    )
    func parsed(name: String) throws {
        var tunnel = try PeerTunnel.complete(peerName: name, networkName: name)
        #expect(try Self.complaints(about: tunnel) == [])
        tunnel.allowedPrefixes += [try IPPrefix("2001:db8:1::/48"), .v4(.everything)]
        #expect(try Self.complaints(about: tunnel) == [])
    }

    @Test(
        "what systemd-networkd does not know in a file is told by the test that asks it",
        .enabled(if: hasDaemon || ContinuousIntegration.isOn)
    )
    func complaintsAreSeen() throws {
        let complaints = try Self.complaints(about: PeerTunnel.complete()) {
            $0.replacing("MTUBytes", with: "MTU").replacing("Scope=link", with: "Scope=moon")
        }
        #expect(complaints.count == 3, "\(complaints)")
    }

    /// Gives the files to the daemon, in a network and a /run of its own, and returns what it has against
    /// them. It parses them before it finds that the namespace has no kernel module for them.
    private static func complaints(
        about tunnel: PeerTunnel,
        _ change: (String) -> String = { $0 }
    ) throws -> [String] {
        try TemporaryDirectory.with { folder in
            let files = change(tunnel.config(for: .networkd)).components(separatedBy: "\n\n# ")
            try #require(files.count == 2)
            for (file, path) in zip(files, [tunnel.netdevPath, tunnel.networkPath]) {
                try "# \(file)\n".write(
                    to: folder.appending(path: URL(filePath: path).lastPathComponent),
                    atomically: false,
                    encoding: .utf8
                )
            }
            let script = """
                mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/network /run/systemd/netif/links
                cp "$1"/* /run/systemd/network/ && chmod 755 /run/systemd/network
                chgrp systemd-network /run/systemd/network/* && chmod 640 /run/systemd/network/*
                chown -R systemd-network /run/systemd/netif
                SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console \(daemon) 2>&1 &
                daemon=$!
                tries=0
                while [ ! -e /run/systemd/netif/state ] && [ $tries -lt 200 ]; do
                    tries=$((tries + 1)); sleep 0.05
                done
                kill $daemon; wait $daemon
                """
            let said = try Command.run(
                ["unshare", "--mount", "--net", "sh", "-c", script, "sh", folder.path]
            )
            let name = tunnel.interfaceName
            #expect(said.output.contains("\(name): loaded \"wireguard\""), "\(said.output)")
            return Set(said.lines.filter { $0.contains(/50-wg[-a-z0-9]*\.(netdev|network)[: ]/) })
                .map(String.init).sorted()
        }
    }
}
