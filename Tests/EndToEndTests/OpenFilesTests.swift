import EndToEndSupport
import Foundation
import TestSupport
import Testing

@testable import wgw

/// A process that may have few files open.
@Suite(.timeLimit(.minutes(2)))
struct OpenFilesTests {
    @Test("gateways beyond the limit of open files wait with a reason, and the API has its files")
    func gateways() async throws {
        let needed = FileDescriptors.needed(
            processors: ProcessInfo.processInfo.processorCount,
            workers: 2
        )
        try await LoopbackServer.run(
            "--rate-limit",
            "off",
            "--workers",
            "2",
            openFiles: needed + 20
        ) { server in
            let api = server.api
            let network = try await api.createNetwork("network")
            var provisioned: [String] = []
            var waiting: [String] = []
            while waiting.count < 2 {
                let id = try await api.createGateway(network: network.id).id
                let hasBeenTried = try await eventually {
                    let gateway = try await api.gateway(id)
                    return gateway.status == "provisioned" || gateway.statusReason != nil
                }
                try #require(hasBeenTried)
                let gateway = try await api.gateway(id)
                if gateway.status == "provisioned" {
                    provisioned.append(id)
                    #expect(waiting.isEmpty, "the first come")
                } else {
                    waiting.append(id)
                    #expect(gateway.statusReason?.contains("ulimit -n") == true)
                }
                try #require(provisioned.count < needed)
            }
            #expect(!provisioned.isEmpty)
            // Each has a connection of its own, which it keeps.
            let clients = (0..<8).map { _ in server.api }
            for client in clients { _ = try await client.gateway(waiting[0]) }

            _ = try await api.deleteGateway(provisioned[0])
            let hasCome = try await eventually {
                let gateway = try await api.gateway(waiting[0])
                return gateway.status == "provisioned" && gateway.statusReason == nil
            }
            #expect(hasCome, "the first that waited has the place")
            #expect(try await api.gateway(waiting[1]).status == "provisioning")
        }
    }
}
