import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// What the server has against a config file that is right in itself.
@Suite(.timeLimit(.minutes(2)))
struct ImportRefusalTests {
    @Test("what the server refuses of a config file is told with the line and the key of the file")
    func refused() async throws {
        try await ClientWorld.run { world in
            let shell = ClientShell(url: world.server.base.absoluteString, folder: world.userFolder)
            let keys = try (0..<3).map { _ in
                try Command.require("wg", "genkey").trimmingCharacters(in: .newlines)
            }
            let publicKeys = try keys.map {
                try Command.require("wg", "pubkey", input: $0 + "\n")
                    .trimmingCharacters(in: .newlines)
            }
            func file(_ address: String, _ network: String) throws -> String {
                try shell.write(
                    """
                    [Interface]
                    PrivateKey = \(keys[0])
                    ListenPort = 51821
                    Address = \(address)

                    [Peer]
                    PublicKey = \(publicKeys[1])
                    AllowedIPs = 172.27.5.2/32

                    [Peer]
                    PublicKey = \(publicKeys[2])
                    AllowedIPs = 172.27.5.3/32, \(network)
                    """,
                    to: "wg9.conf"
                )
            }
            let overlapping = try shell.run(
                "import",
                file("172.27.0.9/24", "192.168.1.0/24"),
                "--network",
                "office"
            )
            #expect(overlapping.status == 5)
            let reasonOfFile = "Address: overlaps 172.27.0.0/24 of another gateway"
            #expect(
                overlapping.errors.hasSuffix(
                    "\nwgw: wg9.conf: \(reasonOfFile); nothing was changed\n"
                ),
                "\(overlapping.errors)"
            )
            let routed = try shell.run(
                "import",
                file("172.27.5.1/24", "172.27.0.0/25"),
                "--network",
                "office"
            )
            #expect(routed.status == 5)
            let reason = "AllowedIPs: 172.27.0.0/25 overlaps 172.27.0.0/24, the subnet of gateway"
            #expect(routed.errors.contains("wg9.conf:10: \(reason)"), "\(routed.errors)")
            #expect(
                routed.errors.contains(
                    "1 of 2 peers are there (run the command again for the others)"
                ),
                "\(routed.errors)"
            )
            #expect(!routed.errors.contains("allowed_ips"))
        }
    }
}
