import EndToEndSupport
import Foundation
import GatewayStore
import TestSupport
import Testing

/// A database file of which a part was lost.
@Suite(.timeLimit(.minutes(2)))
struct DamagedDatabaseTests {
    @Test("a gateway and a peer whose keys are damaged are left out and say why; all others run")
    func damagedKeys() async throws {
        try await TemporaryDirectory.with { folder in
            var gateways: [String] = []
            var peer = ""
            try await LoopbackServer.run(["--rate-limit", "off"], in: folder) { server in
                let network = try await server.api.createNetwork("network")
                for _ in 0..<3 {
                    gateways.append(try await server.api.createGateway(network: network.id).id)
                }
                peer = try await server.api.createPeer(gateway: gateways[1], name: "peer").id
                for gateway in gateways { try await provisioned(gateway, server) }
            }
            let damage = """
                UPDATE gateway SET sealed_private_key = zeroblob(60) WHERE id = '\(gateways[0])';
                UPDATE peer SET sealed_preshared_key = zeroblob(60) WHERE id = '\(peer)';
                """
            try await Store(directory: folder.appending(path: "data").path).write { db in
                try db.executeScript(damage)
            }

            try await LoopbackServer.run(["--rate-limit", "off"], in: folder) { server in
                try await provisioned(gateways[2], server)
                let isTold = try await eventually {
                    let reason = try await server.api.gateway(gateways[1]).statusReason
                    return try await server.api.gateway(gateways[0]).status == "provisioning"
                        && reason != nil
                }
                #expect(isTold)
                let damaged = try await server.api.gateway(gateways[0])
                #expect(damaged.statusReason?.contains("private key") == true)
                let partly = try await server.api.gateway(gateways[1])
                #expect(partly.status == "provisioned")
                #expect(partly.statusReason?.contains(peer) == true)
                #expect(try await server.api.metrics().contains("wgw_damaged_rows 2"))

                _ = try await server.api.deletePeer(peer)
                let isMended = try await eventually {
                    try await server.api.gateway(gateways[1]).statusReason == nil
                }
                #expect(isMended, "what was left out is gone")
                _ = try await server.api.deleteGateway(gateways[0])
                let told = server.errors.split(separator: "\n").filter {
                    $0.contains("left out") && $0.contains(gateways[0])
                }
                #expect(told.count == 1, "\(server.errors)")
            }
        }
    }

    private func provisioned(_ gateway: String, _ server: LoopbackServer) async throws {
        let isProvisioned = try await eventually {
            try await server.api.gateway(gateway).status == "provisioned"
        }
        #expect(isProvisioned, "\(server.errors)")
    }
}
