import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("Links in a lossy network")
struct LossyLinkTests {
    /// Looks at the probes of one end each second, and chooses its path: around after three seconds without an answer, back
    /// after ten seconds with one in each.
    private struct Monitor {
        let region: Int
        let remote: Int
        let detour: Int
        private var answered: [UInt64] = []
        private(set) var isAround = false

        init(at region: Int, toward remote: Int, around detour: Int) {
            self.region = region
            self.remote = remote
            self.detour = detour
        }

        mutating func look(at mesh: Mesh) {
            answered.append(
                mesh.probes(at: region, toward: remote).reduce(0) { $0 + $1.answered }
            )
            let steps = zip(answered, answered.dropFirst()).map { $1 - $0 }
            if !isAround, steps.count >= 3, steps.suffix(3).allSatisfy({ $0 == 0 }) {
                isAround = true
                mesh.take(.detour(group: detour), at: region, toward: remote)
            } else if isAround, steps.suffix(10).allSatisfy({ $0 > 0 }) {
                isAround = false
                mesh.take(.direct(lanes: .max), at: region, toward: remote)
            }
        }
    }

    @Test(
        "flows go around a link that is cut, come back when it is well, and keep their order",
        arguments: 0..<3 as Range<UInt64>
    )
    func cutAndHeal(seed: UInt64) throws {
        let mesh = try Mesh(seed: seed)
        mesh.connect()
        mesh.simulation.wire.lossPerMille = 20
        mesh.simulation.wire.duplicationPerMille = 10
        var monitors = [
            Monitor(at: 0, toward: 1, around: 2), Monitor(at: 1, toward: 0, around: 2),
        ]
        // Ten a second, for a minute: cut from the tenth second to the thirtieth.
        for tick in 0..<600 {
            if tick == 100 { mesh.cut(0, 1) }
            if tick == 300 { mesh.heal() }
            for (from, to) in [(0, 1), (1, 0)] {
                mesh.simulation.send(Mesh.packet(from, to, "\(tick)"), from: mesh.clients[from])
            }
            mesh.simulation.run(for: .milliseconds(100))
            guard tick % 10 == 9 else { continue }
            for index in monitors.indices { monitors[index].look(at: mesh) }
            // Three seconds, and what is left of the one in which the link was cut.
            let areAround = monitors.allSatisfy { $0.isAround }
            if (145..<300).contains(tick) { #expect(areAround, "\(tick)") }
        }
        let isAnyAround = monitors.contains { $0.isAround }
        #expect(!isAnyAround)
        for client in [mesh.clients[0], mesh.clients[1]] {
            let numbers = client.received.compactMap { Int(Packets.payload($0)) }
            let areInOrder = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
            #expect(areInOrder, "each once")
            #expect(numbers.count > 600 - 45 - 75)
            let whileCut = numbers.filter { (150..<300).contains($0) }
            #expect(whileCut.count > 120)
            let last = try #require(client.received.last)
            #expect(last[8] == 62, "direct again")
        }
    }
}
