import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// What is wrong with stock clients, as the diagnosis of their peers tells it.
    struct DiagnosisTests {
        @Test(
            "stock clients with a wrong key, gateway key or preshared key are each told which one it is",
            arguments: World.workerCounts
        )
        func keys(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let untold = try await world.api.createPeer(gateway: gateway.id, name: "untold")
                #expect(try await world.codes(of: untold.id) == ["no_datagram"])

                let key = try Self.key("genkey")
                let publicKey = try Self.key("pubkey", input: key)
                let stranger = try await world.addClient("a", of: gateway, privateKey: key)
                try await world.expect("unknown_key", about: stranger) { finding in
                    #expect(finding.message.contains(publicKey))
                    #expect(finding.source?.hasPrefix(stranger.client.link.address) == true)
                }

                let other = try Self.key("pubkey", input: try Self.key("genkey"))
                let foreign = try await world.addClient("b", of: gateway) {
                    $0.replacing(gateway.publicKey, with: other)
                }
                try await world.expect("wrong_gateway_key", about: foreign) { finding in
                    #expect(finding.nextStep?.contains(gateway.publicKey) == true)
                    #expect(finding.source?.hasPrefix(foreign.client.link.address) == true)
                }

                let preshared = try Self.key("genpsk")
                let keyed = try await world.addClient("c", of: gateway) {
                    $0.replacing("Endpoint =", with: "PresharedKey = \(preshared)\nEndpoint =")
                }
                // It tries again every five seconds, and two answers that it refuses are enough.
                try await world.expect("wrong_preshared_key", about: keyed) { finding in
                    #expect(finding.certainty == "likely" && finding.severity == "error")
                }

                let right = try await world.addClient("d", of: gateway)
                #expect(try right.host.ping("172.27.0.1") != nil)
                try await world.expect("healthy", about: right) { _ in }
                // To call the client itself makes it certain.
                _ = try right.host.ping(keyed.address, timeout: 1)
                let isCertain = try await eventually {
                    let found = try await world.api.diagnosis(ofPeer: keyed.peer.id)
                    return found.finding("wrong_preshared_key")?.certainty == "certain"
                }
                #expect(isCertain)
            }
        }

        @Test(
            "a foreign source, a silent target, an unknown address and a large packet are each told",
            arguments: World.workerCounts
        )
        func packets(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway, mtu: 1500)
                let b = try await world.addClient("b", of: gateway)
                let silent = try await world.api.createPeer(gateway: gateway.id, name: "silent")
                #expect(try a.host.ping(b.address) != nil)
                let arrives = try await eventually {
                    try await world.explain(a, to: b.address, in: gateway).outcome == "ok"
                }
                #expect(arrives)

                try a.host.run("ip", "address", "add", "10.99.0.1/32", "dev", a.client.device)
                _ = try a.host.ping(b.address, from: "10.99.0.1", timeout: 1)
                try await world.expect("source_not_allowed", about: a) { finding in
                    #expect(finding.message.contains("from 10.99.0.1 to \(b.address) (b)"))
                }
                #expect(
                    try await world.explain(a, to: b.address, in: gateway).failed == [
                        "source_check"
                    ]
                )

                _ = try a.host.ping(silent.address, timeout: 1)
                try await world.expect("target_silent", about: a) { finding in
                    #expect(finding.message.contains("\(silent.address) (silent)"))
                }
                #expect(
                    try await world.explain(a, to: "silent", in: gateway).failed == [
                        "target_endpoint", "target_session",
                    ]
                )

                _ = try a.host.ping("172.27.0.200", timeout: 1)
                try await world.expect("no_route", about: a) { finding in
                    #expect(finding.message.contains("172.27.0.200"))
                }

                _ = try a.host.attempt(
                    "ping",
                    "-n",
                    "-M",
                    "do",
                    "-c",
                    "1",
                    "-W",
                    "1",
                    "-s",
                    "1450",
                    b.address
                )
                try await world.expect("packet_too_big", about: a) { finding in
                    #expect(finding.nextStep?.contains("MTU = 1420") == true)
                }
            }
        }

        @Test("a client behind a NAT that forgot it is told to send keepalives", arguments: [1])
        func forgottenMapping(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway, keepalive: 0)
                try b.host.translateEverything(forgettingAfter: 1)
                #expect(try b.host.ping(a.address) != nil)
                try await world.waitUntilSeen(b)
                // B makes itself known again while it still waits for an answer to its last packet. When it
                // has nothing to wait for any more, the gateway calls it in vain.
                let isCalledInVain = try await eventually(every: .seconds(2)) {
                    _ = try a.host.ping(b.address, timeout: 1)
                    let finding = try await world.api.diagnosis(ofPeer: b.peer.id)
                        .finding("keepalive_missing")
                    return finding?.message.contains("does not answer") == true
                }
                #expect(isCalledInVain)
                let isBack = try await eventually {
                    _ = try b.host.ping(a.address, timeout: 1)
                    let finding = try await world.api.diagnosis(ofPeer: b.peer.id)
                        .finding("keepalive_missing")
                    return finding?.message.contains("came from another port") == true
                        && finding?.nextStep?.contains("25 seconds") == true
                }
                #expect(isBack)
            }
        }

        /// A key that the tool of stock clients makes.
        private static func key(_ kind: String, input: String? = nil) throws -> String {
            let text = try Command.require(["wg", kind], input: input)
            return String(text.prefix { !$0.isNewline })
        }
    }
}

extension World {
    fileprivate func codes(of peer: String) async throws -> [String] {
        try await api.diagnosis(ofPeer: peer).findings.map(\.code)
    }

    /// Waits until the member's peer has a finding of this code; its client begins handshakes by itself
    /// for its keepalive.
    fileprivate func expect(
        _ code: String,
        about member: Member,
        _ check: (FindingRecord) throws -> Void
    ) async throws {
        var last: DiagnosisRecord?
        let isFound = try await eventually {
            last = try await api.diagnosis(ofPeer: member.peer.id)
            return last?.finding(code) != nil
        }
        #expect(isFound, "\(code) is not among \(last?.findings ?? [])")
        if let finding = last?.finding(code) { try check(finding) }
    }

    fileprivate func explain(
        _ member: Member,
        to: String,
        in gateway: GatewayRecord
    ) async throws -> ExplanationRecord {
        try await api.explanation(network: gateway.networkId, from: member.peer.id, to: to)
    }
}

extension Namespace {
    /// As a home router does with a host behind it: each flow gets a port of its own, and is forgotten
    /// where nothing was sent for this number of seconds.
    fileprivate func translateEverything(forgettingAfter seconds: Int) throws {
        for timeout in ["nf_conntrack_udp_timeout", "nf_conntrack_udp_timeout_stream"] {
            try run("sh", "-c", "echo \(seconds) > /proc/sys/net/netfilter/\(timeout)")
        }
        try run(
            "nft",
            "-f",
            "-",
            input: """
                table ip nat {
                    chain postrouting {
                        type nat hook postrouting priority srcnat
                        oifname eth0 udp sport 1-65535 masquerade random
                    }
                }
                """
        )
    }
}
