import Synchronization
import SystemIO
package import WireGuardCrypto

/// A run from the first handshake to the report, on a thread of its own.
package enum LoadRun {
    package static func run(
        _ options: LoadOptions,
        gateways: PairSides<PublicKey>,
        peers: [BenchDirectory.Peer]
    ) throws -> LoadReport {
        try options.check(pairs: peers.count / 2)
        return try onOwnThread(processor: options.processor) {
            var generator = try Generator(options, through: .gateways(gateways), peers: peers)
            return try generator.run()
        }
    }

    /// Waits for the end of the work and gives its result.
    static func onOwnThread<Output: Sendable>(
        processor: UInt32?,
        _ work: @escaping @Sendable () throws -> Output
    ) throws -> Output {
        let box = Box<Output>()
        let thread = try WorkerThread(named: "wgw-bench", processor: processor) {
            let output = Result { try work() }
            box.result.withLock { $0 = output }
        }
        WorkerThread.join([thread])
        guard let output = box.result.withLock({ $0 }) else {
            preconditionFailure("the thread ended without a result")
        }
        return try output.get()
    }

    private final class Box<Output: Sendable>: Sendable {
        let result = Mutex<Result<Output, any Error>?>(nil)
    }
}
