import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// What is wrong with a peer, as a user reads it.
@Suite(.timeLimit(.minutes(5)))
struct DoctorCommandTests {
    @Test("what is wrong with a peer is printed with what to do about it, and ends with status 1")
    func doctor() async throws {
        try await Self.run { world in
            _ = try await world.makePeer("laptop")
            let end = try world.wgw("doctor", "laptop")
            #expect(end.status == 1)
            let lines = end.masked.replacing(/port \d+/, with: "port PORT").split(separator: "\n")
            #expect(
                lines == [
                    "laptop: error", "error    no_datagram",
                    "         No datagram from anywhere has reached UDP port PORT of the gateway since TIME.",
                    "      →  Open UDP port PORT in the firewall of the server and, where the server is"
                        + " behind a router, forward it. Check that devices find the server at"
                        + " 127.0.0.1.",
                    "wgw: laptop does not get through; do what the findings say, and look again",
                ]
            )
            let json = try world.wgw("doctor", "laptop", "-o", "jsonl").lines.first
            let object = try JSONSerialization.jsonObject(with: Data((json ?? "").utf8))
            let diagnosis = try #require(object as? NSDictionary)
            #expect(diagnosis["record_type"] as? String == "peer_diagnosis")
            #expect(try world.wgw("doctor", "laptop", "-o", "name").lines.first == "no_datagram")
            #expect(try world.wgw("doctor", "latpop").status == 3)
            #expect(try world.wgw("doctor", "laptop", "-o", "tabel").status == 2)
        }
    }

    @Test("a packet's path is printed step by step, and a peer that is not there is not found")
    func explain() async throws {
        try await Self.run { world in
            let laptop = try await world.makePeer("laptop")
            _ = try await world.makePeer("phone")
            let end = try world.wgw("explain", "laptop", "phone")
            #expect(end.status == 1)
            #expect(
                end.output.hasPrefix(
                    "laptop (172.27.0.2) → phone (172.27.0.3): failed\n\nok       "
                )
            )
            #expect(end.output.contains("failed   target_endpoint  'phone' was never heard"))
            for ends in [[laptop.id, "172.27.0.3"], ["172.27.0.2", "phone"]] {
                let other = try world.run(["explain"] + ends)
                #expect(other.output == end.output)
            }
            let lost = try world.wgw("explain", "laptop", "toaster")
            #expect(lost.status == 3)
            #expect(lost.output.contains("'toaster' names no peer of this network"))
        }
    }

    @Test(
        "the network of a path is that of its first peer, or is asked for where an address begins it"
    )
    func networks() async throws {
        try await Self.run { world in
            _ = try await world.makePeer("laptop")
            _ = try await world.server.api.createNetwork("branch")
            #expect(
                try world.wgw("explain", "laptop", "172.27.0.1").output.contains("→ 172.27.0.1")
            )
            let end = try world.wgw("explain", "172.27.0.2", "172.27.0.1")
            #expect(end.status == 5)
            #expect(end.output.contains("  wgw explain 172.27.0.2 172.27.0.1 --network "))
            let named = try world.wgw(
                "explain",
                "172.27.0.2",
                "172.27.0.1",
                "--network",
                "office"
            )
            #expect(named.output.hasPrefix("laptop (172.27.0.2) → 172.27.0.1"))
        }
    }

    /// With a gateway that is in service.
    private static func run(_ body: (ClientWorld) async throws -> Void) async throws {
        try await ClientWorld.run { world in
            let isReady = try await eventually {
                try await world.server.api.gateway(world.gateway.id).status == "provisioned"
            }
            #expect(isReady)
            try await body(world)
        }
    }
}
