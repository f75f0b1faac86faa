import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// Files as people and programs write them, given to `wg setconf` and to `wgw hub`.
    struct ConfigFileTests {
        @Test("a hub makes of a config file what wg makes of it")
        func taken() async throws {
            try await Stage.with { stage in
                let wg = try await Reference(on: stage)
                try await Hubs.with(OddFile.all(in: "taken"), on: stage) { hubs in
                    for (file, hub) in hubs {
                        let theirs = try wg.set(file)
                        #expect(theirs.status == 0, "\(file.name): \(theirs.output)")
                        let expected = file.withoutRandomPort(Dump(theirs.output))
                        var found = Dump()
                        // A name in the file is looked up when the hub runs already.
                        let isSame = try await eventually {
                            found = file.withoutRandomPort(Dump(try hub.show()))
                            return found == expected
                        }
                        #expect(isSame, "\(file.name): \(found), and by wg: \(expected)")
                    }
                }
            }
        }

        @Test("a hub refuses with a line and a reason the config files that wg refuses")
        func refused() async throws {
            try await Stage.with { stage in
                let wg = try await Reference(on: stage)
                for file in try OddFile.all(in: "refused") {
                    #expect(try wg.set(file).status != 0, "\(file.name)")
                    let end = try Command.run(Program.binary.path, "hub", file.path.path)
                    #expect(end.status == 1 && end.lines.count == 1, "\(file.name): \(end.output)")
                    #expect(
                        end.output.contains(#/\.conf:\d+: /#)
                            || file.name == "carriage-returns-only",
                        "\(file.name): \(end.output)"
                    )
                }
            }
        }

        @Test("a hub refuses config files that wg takes for something that was not meant")
        func stricter() async throws {
            try await Stage.with { stage in
                let wg = try await Reference(on: stage)
                for file in try OddFile.all(in: "stricter-than-wg") {
                    #expect(try wg.set(file).status == 0, "\(file.name)")
                    let end = try Command.run(Program.binary.path, "hub", file.path.path)
                    #expect(end.status == 1 && end.lines.count == 1, "\(file.name): \(end.output)")
                }
            }
        }

        @Test("a hub takes what editors and wg-quick put into a config file, though wg refuses it")
        func moreLenient() async throws {
            try await Stage.with { stage in
                let wg = try await Reference(on: stage)
                let files = try OddFile.all(in: "more-lenient-than-wg")
                try await Hubs.with(files, on: stage) { hubs in
                    for (file, hub) in hubs {
                        #expect(try wg.set(file).status != 0, "\(file.name)")
                        let dump = Dump(try hub.show())
                        #expect(!dump.peers.isEmpty, "\(file.name): \(hub.errors)")
                    }
                }
            }
        }
    }
}

/// A file of `ConfigFiles`.
private struct OddFile {
    let path: URL

    var name: String { path.deletingPathExtension().lastPathComponent }

    static func all(in folder: String) throws -> [OddFile] {
        let files = try FileManager.default.contentsOfDirectory(
            at: URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "ConfigFiles/\(folder)"),
            includingPropertiesForKeys: nil
        )
        try #require(!files.isEmpty, "a folder without files would show nothing")
        return files.sorted { $0.path < $1.path }.map(OddFile.init)
    }

    /// Where the file names no port, both take any.
    func withoutRandomPort(_ dump: Dump) -> Dump {
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        var dump = dump
        if !text.contains(#/(?im)^\s*listenport\s*=\s*0*[1-9a-z]/#) { dump.port = "any" }
        return dump
    }
}

/// What `wg show wg0 dump` tells, in a form in which two can be compared.
private struct Dump: Equatable {
    var keys: [String] = []
    var port = ""
    var peers: [String: [String]] = [:]

    init() {}

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(
                String.init
            )
            if fields.count == 4 {
                keys = Array(fields[..<2])
                port = fields[2]
            } else if fields.count == 8 {
                let addresses = fields[3].split(separator: ",").sorted().joined(separator: ",")
                peers[fields[0]] = [fields[1], Self.endpoint(fields[2]), addresses, fields[7]]
            }
        }
    }

    /// An address of IPv4 is one in either notation, port zero is no endpoint, and the control socket
    /// of wireguard-go tells no zone.
    private static func endpoint(_ text: String) -> String {
        guard !text.hasSuffix(":0") else { return "(none)" }
        return text.replacing(#/\[::ffff:([0-9.]+)\]/#) { String($0.1) }.replacing(
            #/%[^\]]*/#,
            with: ""
        )
    }
}

/// Debian's `wg`, and an interface of wireguard-go for it.
private final class Reference {
    private let host: Namespace
    private let device: String
    private let process: BackgroundProcess

    init(on stage: Stage) async throws {
        host = try stage.topology.addHost("wg").client
        device = "wg\(getpid())\(stage.label)r"
        process = try await WireGuardGo.start(device, on: host, logs: stage.folder)
    }

    /// Sets the interface up from the file; where that works, the output is its dump.
    func set(_ file: OddFile) throws -> Command.Result {
        let result = try host.attempt(
            "env",
            "WG_ENDPOINT_RESOLUTION_RETRIES=0",
            "wg",
            "setconf",
            device,
            file.path.path
        )
        return result.status == 0 ? try host.attempt("wg", "show", device, "dump") : result
    }
}

/// Hubs of several files at once, each on a loopback address of its own, as files name equal ports.
private enum Hubs {
    struct Hub {
        let name: String
        let process: BackgroundProcess

        var errors: String { process.errors }

        func show() throws -> String {
            try Command.require(Program.binary.path, "show", name, "dump")
        }
    }

    static func with(
        _ files: [OddFile],
        on stage: Stage,
        _ body: ([(OddFile, Hub)]) async throws -> Void
    ) async throws {
        let host = stage.topology.server
        try host.run("sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start")
        var hubs: [(file: OddFile, hub: Hub)] = []
        defer { for (_, hub) in hubs { hub.process.kill() } }
        for (number, file) in files.enumerated() {
            let name = "odd-\(getpid())-\(stage.label)-\(file.name)"
            let copy = stage.folder.appending(path: "\(name).conf")
            try FileManager.default.copyItem(at: file.path, to: copy)
            let process = try BackgroundProcess(
                host.command(
                    Program.command
                        + [
                            "hub", copy.path, "--workers", "1", "--bind-address",
                            "127.0.1.\(number + 1)",
                        ]
                ),
                logs: stage.folder,
                name: name
            )
            hubs.append((file, Hub(name: name, process: process)))
        }
        for (file, hub) in hubs {
            let isReady = try await hub.process.becomesReady()
            #expect(isReady, "\(file.name): \(hub.errors)")
        }
        try await body(hubs)
    }
}
