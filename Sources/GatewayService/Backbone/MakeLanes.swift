import GatewayDomain
import GatewayStore
import WireGuardCrypto

extension Transaction {
    /// Gives one end of a link a key pair and a UDP port of its node for each lane. The ports are the highest
    /// free ones, while gateways have the lowest: so those keep theirs apart, which operators see and open.
    func makeLanes(of end: LinkEnd, of link: BackboneLink) throws {
        guard let node = try Nodes.find(end.nodeID, db) else { throw ServiceError.notFound }
        for number in 0..<link.lanesCount {
            guard let port = try Gateways.highestFreePort(of: node, db) else {
                throw ServiceError.noFreePort(on: [FullNode(node)])
            }
            let keys = KeyPair.random()
            let name = BackboneLanes.keyName(of: link.id, number: number, gateway: end.gatewayID)
            try BackboneLanes.insert(
                BackboneLanes.Side(
                    link: link.id,
                    number: number,
                    gatewayID: end.gatewayID,
                    nodeID: end.nodeID,
                    port: port,
                    publicKey: keys.publicKey,
                    sealedPrivateKey: try masterKey.seal(
                        keys.privateKey,
                        for: .lanePrivateKey,
                        of: name
                    )
                ),
                db
            )
        }
    }
}
