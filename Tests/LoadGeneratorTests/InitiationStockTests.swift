import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import LoadGenerator
@testable import WireGuardEngine

struct InitiationStockTests {
    @Test("prepared initiations are found by their index, and no others")
    func indices() throws {
        let hub = SecretKey.random()
        let peer = try StormPeer(SecretKey.random(), hub: X25519.publicKey(of: hub))
        let stock = try InitiationStock(
            count: 40,
            peers: [peer],
            hub: X25519.publicKey(of: hub)
        )
        for number in 0..<40 {
            let index = stock[number].little32(at: 4)
            #expect(stock.number(of: index) == number)
            #expect((stock.sample(number) != nil) == (number % 16 == 0))
        }
        let last = stock[39].little32(at: 4)
        #expect(stock.number(of: last &+ 1) == nil)
        #expect(stock.number(of: stock[0].little32(at: 4) &- 1) == nil)
    }

    @Test("a hub's public key of low order is refused as such")
    func lowOrder() {
        #expect(throws: LoadError.lowOrderKey) { try StormPeer(SecretKey.random(), hub: .zero) }
    }
}
