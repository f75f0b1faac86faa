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

        @Test(
            "clients of another WireGuard server go on when it is imported, with nothing changed on them"
        )
        func takeover() async throws {
            try await World.run(workers: 2) { world in
                let old = try OldServer()
                let server = try await world.addOtherServer(
                    file: old.file,
                    address: "10.77.0.254/24",
                    networks: [OldServer.site]
                )
                defer { server.stop() }
                let laptop = try await world.addClient(
                    "laptop",
                    config: old.config(
                        of: old.laptop,
                        networks: "10.77.0.0/24, \(OldServer.site)",
                        more: "PresharedKey = \(old.presharedKey)"
                    )
                )
                let plant = try await world.addClient(
                    "plant",
                    config: old.config(of: old.plant, networks: "10.77.0.0/24")
                )
                try plant.host.run(
                    "ip",
                    "address",
                    "add",
                    "\(OldServer.siteAddress)/32",
                    "dev",
                    "lo"
                )
                #expect(
                    try laptop.host.ping(old.plant.address) != nil,
                    "the old server carries them"
                )
                #expect(try laptop.host.ping(OldServer.siteAddress) != nil)

                // As `wg-quick save` writes them.
                var text = old.file
                for (key, endpoint) in try server.endpoints() {
                    text = text.replacing(key, with: "\(key)\nEndpoint = \(endpoint)")
                }
                let file = try world.write(text, to: "wg77.conf")
                let tried = try world.wgw("import", file, "--dry-run")
                #expect(tried.status == 0, "\(tried.output)")
                #expect(tried.output.contains("laptop of Ada"))
                #expect(try world.wgw("network", "list", "-o", "name").output.isEmpty)

                let imported = try world.wgw("import", file)
                #expect(imported.status == 0, "\(imported.output)")
                #expect(imported.output.contains("Stop the old server now"), "\(imported.output)")
                #expect(!imported.output.contains(old.key))
                let again = try world.wgw("import", file)
                #expect(again.output == imported.output, "a second run finds all of it there")
                let peers = try world.wgw("peer", "list", "-o", "name").lines
                #expect(peers == ["laptop of Ada", "plant"])

                server.stop()
                let isTaken = try await eventually {
                    try world.wgw("gateway", "list", "--no-header", "--columns", "status")
                        .output.hasPrefix("provisioned")
                }
                #expect(isTaken, "the gateway takes the port")
                for client in [laptop, plant] {
                    let isCalled = try await eventually { client.wasCalled }
                    #expect(isCalled, "the gateway begins the handshake")
                }
                #expect(
                    try laptop.host.ping(old.plant.address) != nil,
                    "the new server carries them"
                )
                #expect(try laptop.host.ping(OldServer.siteAddress) != nil)
                #expect(try plant.host.ping(old.laptop.address) != nil)
                let shown = try Command.require(Program.binary.path, "show", "wg77", "allowed-ips")
                #expect(shown.contains("\(old.plant.address)/32 \(OldServer.site)"), "\(shown)")

                let handshake = try laptop.latestHandshake()
                let id = try world.wgw("gateway", "list", "-q").output.prefix { !$0.isNewline }
                let changed = try await world.api.setMTU(ofGateway: String(id), to: 1380)
                #expect(changed.id == id)
                let isLower = try await eventually {
                    try laptop.host.ping(old.plant.address, bytes: 1_360, timeout: 1) == nil
                }
                #expect(isLower, "a packet of 1388 bytes is too big now")
                #expect(try laptop.host.ping(old.plant.address) != nil)
                #expect(try laptop.latestHandshake() == handshake, "the session goes on")
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

                let unfit = old.file.replacing("ListenPort = 51820\n", with: "PostUp = true\n")
                    .replacing(OldServer.site, with: "10.77.0.0/16")
                let second = try world.wgw("import", world.write(unfit, to: "wg79.conf"))
                #expect(second.status == 1)
                #expect(second.output.contains("wg79.conf: ListenPort: is missing"))
                #expect(second.output.contains("wg79.conf: PostUp: is not run"))
                #expect(second.output.contains("wg79.conf:13: AllowedIPs: 10.77.0.0/16 contains"))
                #expect(!(first.output + second.output).contains(old.key))
                #expect(try world.wgw("network", "list", "-o", "name").output.isEmpty)
            }
        }
    }
}
