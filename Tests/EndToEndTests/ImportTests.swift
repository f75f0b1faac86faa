import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    struct ImportTests {
        /// A server with two peers, of which `plant` has a network behind it, and their own configs.
        private struct OldServer {
            let key: String
            let laptop: HubPeer
            let plant: HubPeer
            let presharedKey: String

            static let port = 51_820
            static let site = "192.168.77.0/24"
            static let siteAddress = "192.168.77.1"

            init() throws {
                key = try HubPeer.word(of: Command.require("wg", "genkey"))
                laptop = try HubPeer("laptop", number: 9)
                plant = try HubPeer("plant", number: 2)
                presharedKey = try HubPeer.word(of: Command.require("wg", "genpsk"))
            }

            var file: String {
                """
                [Interface]
                Address = 10.77.0.254/24
                PrivateKey = \(key)
                ListenPort = \(Self.port)

                # Name = laptop of Ada
                [Peer]
                PublicKey = \(laptop.publicKey)
                PresharedKey = \(presharedKey)
                AllowedIPs = \(laptop.address)/32

                # plant
                [Peer]
                PublicKey = \(plant.publicKey)
                AllowedIPs = \(plant.address)/32, \(Self.site)

                """
            }

            func config(of peer: HubPeer, networks: String, more: String = "") throws
                -> ClientConfig
            {
                let publicKey = try HubPeer.word(of: Command.require("wg", "pubkey", input: key))
                return ClientConfig(
                    text: """
                        [Interface]
                        PrivateKey = \(peer.privateKey)
                        Address = \(peer.address)/32
                        [Peer]
                        PublicKey = \(publicKey)
                        AllowedIPs = \(networks)
                        Endpoint = \(Topology.endpointAddress):\(Self.port)
                        PersistentKeepalive = 5
                        \(more)
                        """,
                    privateKey: peer.privateKey
                )
            }
        }

        @Test("a file with mistakes is refused with all of them, and nothing is made")
        func mistakes() async throws {
            try await World.run(workers: 1) { world in
                let old = try OldServer()
                let unread = old.file.replacing("ListenPort = 51820", with: "MTU = 100")
                let first = try world.wgw("import", world.write(unread, to: "wg78.conf"))
                #expect(first.status == 1)
                #expect(first.output.contains("wg78.conf:4: MTU: "), "\(first.output)")

                let unfit = old.file.replacing("ListenPort = 51820\n", with: "")
                    .replacing(OldServer.site, with: "10.77.0.0/16")
                let second = try world.wgw("import", world.write(unfit, to: "wg79.conf"))
                #expect(second.status == 1)
                #expect(second.output.contains("wg79.conf: ListenPort: is missing"))
                #expect(second.output.contains("wg79.conf:12: AllowedIPs: 10.77.0.0/16 contains"))
                #expect(!(first.output + second.output).contains(old.key))
                #expect(try world.wgw("network", "list", "-o", "name").output.isEmpty)
            }
        }
    }
}
