import APIContract
package import GatewayDomain
package import GatewayService
import JSON
import WireGuardCrypto

/// Other nodes than the embedded one, without the machines.
extension ServiceFixture {
    package func makeNode(
        _ name: String,
        regions: [String] = ["local"],
        host: String = "198.51.100.7",
        _ adjust: (inout NewNode) -> Void = { _ in }
    ) async throws -> NodeWithToken {
        var request = NewNode(
            reading: [
                "name": .string(name), "regions": .array(regions.map { .string($0) }),
                "endpoint_address": .string(host), "port_range": "6000-6099",
            ]
        )
        adjust(&request)
        return try await controlPlane.perform(.createNode(request), by: caller)
    }

    package func application(
        of made: NodeWithToken,
        _ adjust: (inout Application) -> Void = { _ in }
    ) -> NodeApplication {
        var given = Application(time: clock.now(), secret: made.secret)
        adjust(&given)
        return NodeApplication(
            nodeID: given.nodeID ?? made.node.id,
            secret: given.secret,
            publicKey: X25519.publicKey(of: .sequential),
            regionCode: given.regionCode,
            version: "1.0.0",
            time: given.time
        )
    }

    /// What a test may say otherwise than a right machine does.
    package struct Application {
        package var time: Timestamp
        package var secret: LinkSecret
        package var regionCode: String?
        package var nodeID: NodeID?
    }

    /// A node whose machine has joined and is connected.
    package func connectedNode(
        _ name: String,
        regions: [String] = ["local"],
        host: String = "198.51.100.7",
        to server: ControlPlane? = nil,
        _ adjust: (inout NewNode) -> Void = { _ in }
    ) async throws -> (node: GatewayNode, caller: NodeCaller, session: NodeSession) {
        let made = try await makeNode(name, regions: regions, host: host, adjust)
        let joined = try await controlPlane.join(application(of: made))
        let caller = try await controlPlane.authenticateNode(credential: joined.credential.text)
        let session = try await (server ?? controlPlane)
            .nodeConnected(caller, greeting("process 1"))
        return (try await controlPlane.showNode(joined.node.id, by: self.caller), caller, session)
    }

    package func greeting(_ process: String) -> NodeGreeting {
        NodeGreeting(process: process, version: "1.0.0", time: clock.now())
    }

    package func region(_ code: String) async throws -> Region {
        try await controlPlane.perform(
            .createRegion(NewRegion(reading: ["code": .string(code)])),
            by: caller
        )
    }
}

extension SecretKey {
    /// Any key will do: nothing is sealed to it.
    fileprivate static var sequential: SecretKey {
        X25519.generatePrivateKey { bytes in
            for index in bytes.indices { bytes[index] = UInt8(index) }
        }
    }
}
