import CLinux
import DataPlane
import Foundation
import NetAddress
import SystemIO
import TestSupport
import Testing
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import DataPlaneStatus

@Suite("The socket of wgw show")
struct StatusServerTests {
    private let temporary: TemporaryDirectory
    /// Made by the server.
    private var folder: String { temporary.path + "/status" }

    private var directory: StatusDirectory { StatusDirectory(path: folder) }

    init() throws { temporary = try TemporaryDirectory() }

    @Test(
        "the status socket answers with every gateway and all of its peers, also with several slices"
    )
    func dump() async throws {
        let plane = try DataPlane(workers: 2)
        defer { plane.shutdown() }
        let gateway = DesiredGateway.ID(1)
        let key = SecretKey.random()
        var state = DesiredState(gateways: [
            DesiredGateway(
                id: gateway,
                networkID: .init(1),
                configuration: GatewayConfiguration(
                    privateKey: key,
                    addresses: [try InterfaceAddress("10.0.0.1/16")]
                ),
                listen: ListenAddress(address: IPAddress("127.0.0.1"), port: 0)
            )
        ])
        for number in 0..<3000 as Range<UInt32> {
            let secret = SecretKey.random()
            let publicKey = secret.withBytes { PublicKey($0) }
            state.peers.append(
                DesiredPeer(
                    id: .init(publicKey),
                    gatewayID: gateway,
                    configuration: PeerConfiguration(publicKey: publicKey),
                    prefixes: [IPPrefix(.v4(IPv4Address(bits: 0x0a00_0002 + number)))]
                )
            )
        }
        let port = try #require(await plane.reconcile(to: state).opened[gateway])

        let server = try StatusServer(in: directory, dataPlane: plane) {
            [
                NamedGateway(name: "first", carried: gateway),
                NamedGateway(name: "closed", carried: .init(9)),
            ]
        }
        let dump = try StatusClient.ask(in: [directory]).dump
        #expect(dump.interfaces.map(\.name) == ["first"])
        let interface = try #require(dump.interfaces.first)
        #expect(interface.privateKey == key.base64)
        #expect(interface.publicKey == X25519.publicKey(of: key).base64)
        #expect(interface.port == "\(port)")
        #expect(interface.peers.count == 3000)
        #expect(interface.peers[2999].allowedAddresses == ["10.0.11.185/32"])

        server.stop()
        #expect(throws: StatusError.self) { try StatusClient.ask(in: [directory]) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test("a process that does not answer keeps no other from being shown, and is named")
    func silence() throws {
        let plane = try DataPlane(workers: 1)
        defer { plane.shutdown() }
        try directory.prepare()
        // A child that lives as long as this test, and a socket in its name that is never read.
        let child = Process()
        child.executableURL = URL(filePath: "/bin/cat")
        let input = Pipe()
        child.standardInput = input
        try child.run()
        defer {
            try? input.fileHandleForWriting.close()
            child.waitUntilExit()
        }
        let silent = clinux_unix_listen(directory.socketPath(of: child.processIdentifier))
        try #require(silent >= 0)
        defer { close(silent) }

        let error = #expect(throws: StatusError.self) {
            try StatusClient.ask(in: [directory], patience: 1)
        }
        #expect(error?.description.contains("\(child.processIdentifier) may be stopped") == true)
        let server = try StatusServer(in: directory, dataPlane: plane) { [] }
        defer { server.stop() }
        let answers = try StatusClient.ask(in: [directory], patience: 1)
        #expect(answers.silent == [child.processIdentifier])
        #expect(answers.unreadable.isEmpty)
    }

    @Test("the status socket and its folder are open to their owner alone")
    func modes() throws {
        let plane = try DataPlane(workers: 1)
        defer { plane.shutdown() }
        let server = try StatusServer(in: directory, dataPlane: plane) { [] }
        defer { server.stop() }
        let socket = directory.socketPath(of: ProcessInfo.processInfo.processIdentifier)
        for (path, mode) in [(folder, 0o700), (socket, 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == mode)
        }
    }

    @Test("a status folder that others may write to is refused")
    func foreignFolder() throws {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o777]
        )
        let plane = try DataPlane(workers: 1)
        defer { plane.shutdown() }
        #expect(throws: StatusError.self) {
            try StatusServer(in: directory, dataPlane: plane) { [] }
        }
    }

    @Test("the status socket of a dead process is removed, and no interface is shown for it")
    func leftovers() throws {
        try directory.prepare()
        // Above the largest process number that Linux gives.
        let path = directory.socketPath(of: 1 << 23)
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let problem = #expect(throws: StatusError.self) { try StatusClient.ask(in: [directory]) }
        #expect(problem?.description.contains("no wgw hub or wgw serve") == true)
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
