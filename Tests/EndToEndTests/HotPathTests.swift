import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// What the release binary does per packet, counted and not read: whatever a compiler or a change
/// puts into the packet loop is seen here. Without optimisation the counts mean nothing.
@Suite(
    "The packet loop",
    .enabled(if: ReleaseBinary.isGiven, "WGW_BINARY names the release binary.")
)
struct HotPathTests {
    @Test(
        "the packet loop allocates no memory and counts no references per packet, for any burst size",
        arguments: [1, 32],
        [1, 2]
    )
    func countsNothing(burst: Int, workers: Int) async throws {
        // What a hub counts beside packets: eight handshakes a run, which allocate, and a look at its
        // reports each second. A run of few packets tells it.
        var quiet = BenchedHub.Counts.zero
        var busy = BenchedHub.Counts.zero
        // One of anything per packet would be 30 000, one per burst 940 at least. A machine with
        // other things to do needs more runs for as many packets.
        let bound = 800
        var packets = 0.0
        while packets < 30_000 {
            _ = try await counting(&quiet, workers, burst: burst, rate: 400)
            packets += try await counting(&busy, workers, burst: burst, rate: 40_000)
        }
        #expect(quiet.allocations > 0 && quiet.retains > 0, "the counters count")
        #expect(busy.allocations - quiet.allocations < bound)
        #expect(busy.retains - quiet.retains < bound)
        #expect(busy.releases - quiet.releases < bound)
    }

    /// Each run has a hub of its own: one that still had sessions of a run before might send packets
    /// of this one in them, which the load generator takes for a fault.
    ///
    /// - Returns: how many packets came through.
    private func counting(
        _ total: inout BenchedHub.Counts,
        _ workers: Int,
        burst: Int,
        rate: Int
    ) async throws -> Double {
        var packets = 0.0
        try await BenchedHub.run(pairs: 4, workers: workers) { hub in
            let before = try hub.counts()
            let report = try hub.bench(burst: burst, rate: rate)
            packets = Double(report.packets) * (1 - report.lossRatio)
            let after = try hub.counts()
            total.add(from: before, to: after)
        }
        return packets
    }
}

enum ReleaseBinary {
    static let isGiven =
        ProcessInfo.processInfo.environment["WGW_BINARY"] != nil
        || ContinuousIntegration.isOn
}

/// `wgw hub` with the counters preloaded, and `wgw-bench` to load it.
final class BenchedHub {
    struct Counts {
        static let zero = Counts(allocations: 0, retains: 0, releases: 0)

        var allocations: Int
        var retains: Int
        var releases: Int

        mutating func add(from before: Counts, to after: Counts) {
            allocations += after.allocations - before.allocations
            retains += after.retains - before.retains
            releases += after.releases - before.releases
        }
    }

    struct Report {
        let packets: Int
        let lossRatio: Double
    }

    private let folder: URL
    private let port: UInt16
    private let process: BackgroundProcess

    static func run(
        pairs: Int,
        workers: Int,
        _ body: (BenchedHub) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { folder in
            let hub = try await BenchedHub(folder, pairs: pairs, workers: workers)
            try await body(hub)
            #expect(try await hub.process.stop() == 0)
        }
    }

    private init(_ folder: URL, pairs: Int, workers: Int) async throws {
        self.folder = folder
        let binary = Program.binary.path
        let library = folder.appending(path: "count.so").path
        let source = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "HotPath/count.c").path
        try Command.require("clang", "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl")
        try Command.require(
            try Program.generator.path,
            "config",
            "--pairs",
            "\(pairs)",
            "--listen-port",
            "\(Self.listenPort)",
            "--subnet",
            "10.77.0.0/24",
            "--out",
            folder.path
        )
        try Self.leavePortToTheSystem(in: folder.appending(path: "gateway.conf"))
        let counts = folder.appending(path: "counts")
        try Data(count: 4096).write(to: counts)
        process = try await .ready(
            [
                "env", "-i", "PATH=/usr/bin:/bin", "LD_PRELOAD=\(library)",
                "WGW_TEST_COUNTS=\(counts.path)", binary, "hub",
                folder.appending(path: "gateway.conf").path, "--workers", "\(workers)",
            ],
            logs: folder,
            name: "hub"
        )
        let found = process.output.firstMatch(of: /UDP port (\d+)/).flatMap { UInt16($0.1) }
        guard let found else {
            throw Command.Failure(description: "wgw hub names no port: \(process.output)")
        }
        port = found
    }

    /// `wgw-bench config` wants a real port, and a test any free one.
    private static let listenPort = 51_820

    private static func leavePortToTheSystem(in file: URL) throws {
        let written = try String(contentsOf: file, encoding: .utf8)
        try written.replacing("ListenPort = \(listenPort)", with: "ListenPort = 0")
            .write(to: file, atomically: true, encoding: .utf8)
    }

    func bench(burst: Int, rate: Int) throws -> Report {
        let seconds = 1
        let text = try Command.require(
            try Program.generator.path,
            "run",
            "--dir",
            folder.path,
            "--target",
            "127.0.0.1:\(port)",
            "--burst",
            "\(burst)",
            "--seconds",
            "\(seconds)",
            "--rate",
            "\(rate)",
            "--json"
        )
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let values = try #require(json as? [String: Any])
        let perSecond = try #require(values["packets_per_second"] as? Double)
        return Report(
            packets: Int(perSecond * Double(seconds)),
            lossRatio: try #require(values["loss_ratio"] as? Double)
        )
    }

    func counts() throws -> Counts {
        let bytes = try Data(contentsOf: folder.appending(path: "counts"))
        let words = bytes.withUnsafeBytes { bytes in
            (0..<3).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int.self) }
        }
        return Counts(allocations: words[0], retains: words[1], releases: words[2])
    }
}
