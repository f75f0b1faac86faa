import CommandLineProgram
import Testing

@testable import wgw

struct FileDescriptorsTests {
    @Test("of plenty of file descriptors connections have their maximum, and gateways the rest")
    func plenty() throws {
        let descriptors = try FileDescriptors(limit: 1_048_576, processors: 8, workers: 8)
        #expect(descriptors.connections == FileDescriptors.mostConnections)
        #expect(descriptors.gatewaySockets > 1_000_000)
    }

    @Test(
        "of few file descriptors connections and gateways get half each, and never the reserve",
        arguments: [128, 256, 1_024]
    )
    func short(limit: Int) throws {
        let descriptors = try FileDescriptors(limit: limit, processors: 2, workers: 2)
        #expect(abs(descriptors.connections - descriptors.gatewaySockets) <= 1)
        #expect(
            descriptors.reserve + descriptors.connections + descriptors.gatewaySockets == limit
        )
    }

    @Test(
        "too few file descriptors for any use are refused with the number that is needed",
        arguments: [1, 2, 256]
    )
    func tooFew(workers: Int) throws {
        let needed = FileDescriptors.needed(processors: 2, workers: workers)
        #expect(throws: TooFewFileDescriptors(limit: needed - 1, needed: needed)) {
            try FileDescriptors(limit: needed - 1, processors: 2, workers: workers)
        }
        let descriptors = try FileDescriptors(limit: needed, processors: 2, workers: workers)
        #expect(descriptors.gatewaySockets > workers, "a gateway has room")
        #expect(descriptors.connections >= 16)
    }

    @Test(
        "a hub's file descriptors suffice for its gateway on two ports, or it says how many it needs",
        arguments: [1, 2, 256]
    )
    func hub(workers: Int) throws {
        let problem = #expect(throws: TooFewFileDescriptors.self) {
            try FileDescriptors.hubSockets(limit: 6, workers: workers)
        }
        let needed = try #require(problem).needed
        #expect(
            try FileDescriptors.hubSockets(limit: needed, workers: workers) == 2 * (workers + 1)
        )
    }
}
