import Testing
import WireGuardCrypto

@testable import WireGuardEngine

@Suite("Peers by public key")
struct PeerKeyTableTests {
    @Test(
        "the table of public keys finds its peers and no others after any insertions and removals"
    )
    func matchesADictionary() throws {
        let random = SeededRandom(seed: 7)
        let hub = try Hub(clients: 0)
        let found = hub.gateway.engine.find(hub.gateway.gateway)
        let gateway = try #require(found)
        let keys = (0..<600).map { _ in
            X25519.generatePrivateKey(filledBy: random.source.callAsFunction).asPublicKey
        }
        var model: [Int: PeerHandle] = [:]
        for step in 0..<6000 as Range<UInt32> {
            let number = Int(random.below(UInt64(keys.count)))
            if let handle = model[number] {
                hub.gateway.engine.removePeer(handle)
                model[number] = nil
            } else {
                let handle = PeerHandle(slot: UInt32(number), generation: step + 1)
                hub.gateway.engine.installPeer(
                    handle,
                    on: hub.gateway.gateway,
                    PeerConfiguration(publicKey: keys[number]),
                    at: hub.simulation.moment
                )
                model[number] = handle
            }
            guard step % 500 == 499 else { continue }
            let handles = keys.map { gateway.pointee.peersByKey.find($0)?.pointee.handle }
            #expect(handles == keys.indices.map { model[$0] })
        }
    }

    @Test(
        "of two peers with one public key the later one is found, also after the first one is removed"
    )
    func sameKey() throws {
        let hub = try Hub(clients: 1)
        let found = hub.gateway.engine.find(hub.gateway.gateway)
        let gateway = try #require(found)
        let key = hub.clients[0].publicKey
        let second = try hub.gateway.add(key, allowed: ["10.0.0.9"], at: hub.simulation.moment)
        #expect(gateway.pointee.peersByKey.find(key)?.pointee.handle == second)
        hub.gateway.engine.removePeer(hub.handles[0])
        #expect(gateway.pointee.peersByKey.find(key)?.pointee.handle == second)
        hub.gateway.engine.removePeer(second)
        #expect(gateway.pointee.peersByKey.find(key) == nil)
    }
}

extension SecretKey {
    /// Any 32 bytes will do as a key to look up.
    fileprivate var asPublicKey: PublicKey { withBytes { PublicKey($0) } }
}
