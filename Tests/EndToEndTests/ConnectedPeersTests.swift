import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    struct ConnectedPeersTests {
        @Test("wgw wait ends when a stock client connects, and wgw status says that it has")
        func connects() async throws {
            try await World.run(workers: 1) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                let command = [
                    "env", "-i", "PATH=/usr/bin:/bin", "HOME=/nonexistent",
                    "WGW_URL=\(world.api.base.deletingLastPathComponent().absoluteString)",
                    "WGW_API_KEY=\(Program.apiKey)", Program.binary.path,
                ]
                let folder = world.dataDirectory.deletingLastPathComponent()
                let waiting = try BackgroundProcess(
                    command + ["wait", "peer", "b", "--for", "handshake"],
                    logs: folder,
                    name: "wait"
                )
                #expect(try a.host.ping(b.address) != nil)
                #expect(try await waiting.waitForExit() == 0, "\(waiting.errors)")
                #expect(waiting.output == "Peer 'b' is connected.\n")
                var status = ""
                let isConnected = try await eventually {
                    status = try Command.require(command + ["status"])
                    return status.contains(
                        "1 of 1 gateways provisioned, 2 of 2 peers connected"
                    )
                }
                #expect(isConnected, "\(status)")
                #expect(!status.contains("warning"))
                #expect(status.contains(/\x20\x20b +connected +172\.27\.0\.3/))
            }
        }
    }
}
