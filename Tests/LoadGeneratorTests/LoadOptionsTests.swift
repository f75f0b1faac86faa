import Glibc
import NetAddress
import SystemIO
import Testing

@testable import LoadGenerator

@Suite("What a run is asked to do")
struct LoadOptionsTests {
    private let target = Endpoint(address: .v4(.loopback), port: 9)

    @Test("the default options of a bench run are valid, and so are the ends of every range")
    func ranges() throws {
        var options = LoadOptions(target: target)
        try options.check(pairs: 1)
        (options.size, options.burst, options.window) = (44, 1, 1)
        (options.seconds, options.rate, options.verifyEvery) = (0.1, 1, 1)
        try options.check(pairs: 1)
        (options.size, options.burst, options.window) = (8900, 1024, 60_000)
        (options.seconds, options.rate, options.sockets) = (100, 1e8, 32)
        try options.check(pairs: 1000)
    }

    @Test("options of a bench run out of range are refused by name")
    func bounds() {
        expect("--size takes") { $0.size = 43 }
        expect("--size takes") { $0.size = 8901 }
        expect("--seconds takes") { $0.seconds = .nan }
        expect("--seconds takes") { $0.seconds = 101 }
        expect("--rate takes") { $0.rate = .infinity }
        expect("--rate takes") { $0.rate = 0 }
        expect("--burst takes") { $0.burst = 1025 }
        expect("--window takes") { $0.window = 0 }
        expect("--verify takes") { $0.verifyEvery = 0 }
        expect("--sockets takes") { $0.sockets = 33 }
    }

    @Test("a bench run whose handshakes take longer than keys live is refused")
    func tooManyPairs() {
        let problem = #expect(throws: LoadError.self) {
            try LoadOptions(target: target).check(pairs: 50_000)
        }
        #expect(problem?.description.hasSuffix("ask for fewer with --pairs") == true)
    }

    @Test("the target of a bench run is an address or a name, with a port")
    func targets() throws {
        #expect("\(try TargetAddress.resolve("192.0.2.1:51820"))" == "192.0.2.1:51820")
        #expect("\(try TargetAddress.resolve("[2001:db8::1]:9"))" == "[2001:db8::1]:9")
        #expect(try TargetAddress.resolve("localhost:9").port == 9)
        let loopback = try #require(InterfaceNames.number(of: "lo"))
        #expect(try TargetAddress.resolve("fe80::1%lo:9").zone == loopback)
        for text in ["", ":9", "localhost", "localhost:0", "127.0.0.1:0", "127.0.0.1:70000"] {
            let problem = #expect(throws: LoadError.self) { try TargetAddress.resolve(text) }
            #expect(problem?.description.hasPrefix("--target") == true, "\(text)")
        }
    }

    @Test("a bench run accounts for the gateway's process while it exists")
    func usage() throws {
        let before = try GatewayUsage(pid: getpid())
        let start = clock()
        while clock() - start < Int(CLOCKS_PER_SEC) / 20 {}
        let after = try GatewayUsage(pid: getpid())
        #expect(after.totalSeconds - before.totalSeconds > 0.04)
        #expect(after.userSeconds >= before.userSeconds)
        #expect(throws: LoadError.self) { try GatewayUsage(pid: -1) }
    }

    private func expect(_ complaint: String, _ change: (inout LoadOptions) -> Void) {
        var options = LoadOptions(target: target)
        change(&options)
        let problem = #expect(throws: LoadError.self) { try options.check(pairs: 1) }
        #expect(problem?.description.hasPrefix(complaint) == true)
    }
}
