import Foundation
import GatewayDomain
import Glibc
import NetAddress
import SystemIO
import TestSupport
import Testing

@testable import wgw

@Suite("What wgw doctor finds on a machine")
struct MachineCheckTests {
    @Test(
        "socket buffers as large as gateways want are ok, smaller ones come with the exact command"
    )
    func socketBuffers() throws {
        let wanted = UDPSocket.wantedBufferBytes
        #expect(try buffers(receive: wanted, send: wanted + 1).severity == .ok)
        let small = try buffers(receive: 212_992, send: wanted)
        #expect(small.severity == .warning)
        #expect(small.message.contains("0.2 MiB for receiving and 8 MiB for sending"), "\(small)")
        let command = "sudo sysctl -w net.core.rmem_max=\(wanted) net.core.wmem_max=\(wanted)"
        #expect(small.command == command)
    }

    private func buffers(receive: Int, send: Int) throws -> CheckResult {
        try system([
            "proc/sys/net/core/rmem_max": "\(receive)\n", "proc/sys/net/core/wmem_max": "\(send)\n",
        ]) { files, _ in SocketBufferCheck.run(files) }
    }

    @Test("datagrams lost at sockets of the port range are a warning, at others they are not")
    func receiveDrops() throws {
        let quiet = try drops(at: 6353)
        #expect(quiet.severity == .ok)
        #expect(quiet.message.contains("has lost 7 of 107"), "\(quiet)")
        let lossy = try drops(at: 5001)
        #expect(lossy.severity == .warning)
        #expect(lossy.message.hasPrefix("42 datagrams found the buffers full at UDP port 5001:"))
    }

    private func drops(at port: UInt16) throws -> CheckResult {
        try system([
            "proc/net/udp": Self.table([(port, 42, "1"), (5002, 0, "2")]),
            "proc/net/snmp": """
            Ip: Forwarding
            Ip: 1
            Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors
            Udp: 100 1 7 200 7 0
            UdpLite: InDatagrams
            UdpLite: 0
            """,
        ]) { files, _ in ReceiveDropCheck.run(files, ports: 5000...5999) }
    }

    @Test("ports of the range that wgw has are ok, those of another program are named with it")
    func ports() throws {
        let ours = try portCheck("wgw")
        #expect(ours.severity == .ok, "\(ours)")
        #expect(ours.message.contains("1 is in use"), "\(ours)")
        let foreign = try portCheck("dnsmasq")
        #expect(foreign.severity == .warning)
        #expect(foreign.message.contains("port 45000 (dnsmasq, process 812)"), "\(foreign)")
    }

    @Test("the ports of the server are its own, whatever its program is called")
    func ownPorts() throws {
        let renamed = try portCheck("wgw-1.2", server: 812)
        #expect(renamed.severity == .ok)
        #expect(renamed.message.contains("1 is in use"), "\(renamed)")
        #expect(try portCheck("wgw-1.2", server: 813).severity == .warning)
    }

    private func portCheck(_ program: String, server: Int32? = nil) throws -> CheckResult {
        let files = [
            "proc/net/udp6": Self.table([(45_000, 0, "4711")]), "proc/812/comm": "\(program)\n",
        ]
        return try system(files) { files, folder in
            let descriptors = folder.appending(path: "proc/812/fd")
            try FileManager.default.createDirectory(
                at: descriptors,
                withIntermediateDirectories: true
            )
            try FileManager.default.createSymbolicLink(
                atPath: descriptors.appending(path: "9").path,
                withDestinationPath: "socket:[4711]"
            )
            return PortRangeCheck.run(
                files,
                ports: 45_000...45_999,
                bindAddress: Host.loopback,
                server: server
            )
        }
    }

    @Test("a range without a free port, and an address of another host, are errors")
    func noPorts() throws {
        let files = ["proc/net/udp": Self.table([(6000, 0, "1"), (6001, 0, "2")])]
        let full = try system(files) { files, _ in
            PortRangeCheck.run(files, ports: 6000...6001, bindAddress: nil)
        }
        #expect(full.severity == .error)
        let foreign = try system(files) { files, _ in
            PortRangeCheck.run(files, ports: 6000...6999, bindAddress: IPAddress("192.0.2.1"))
        }
        #expect(foreign.severity == .error)
        #expect(foreign.message.contains("192.0.2.1 is not an address of this host"))
    }

    @Test("the server's limit of open files is compared with what the port range has room for")
    func openFiles() throws {
        #expect(try openFiles("524288").severity == .ok)
        let few = try openFiles("1024")
        #expect(few.severity == .warning)
        #expect(few.message.contains("may open 1024 files, which is enough for"), "\(few)")
        #expect(few.nextStep?.contains("LimitNOFILE=524288") == true)
        #expect(few.command == "sudo systemctl edit wgw")
        #expect(try openFiles("50").severity == .error)
        let hidden = try system([:]) { files, _ in check(files) }
        #expect(hidden.severity == .ok)
    }

    private func openFiles(_ limit: String) throws -> CheckResult {
        let text = """
            Limit                     Soft Limit           Hard Limit           Units
            Max open files            \(limit)                 \(limit)                 files
            """
        return try system(["proc/7/limits": text]) { files, _ in check(files) }
    }

    private func check(_ files: SystemFiles) -> CheckResult {
        OpenFileCheck.run(files, process: 7, processors: 2, workers: 2, ports: 5000...5999)
    }

    @Test("batches that arrive as they were sent are ok, and each way to fail has a next step")
    func batches() throws {
        func judge(_ change: (inout OffloadProbe) -> Void) throws -> CheckResult {
            var probe = try OffloadProbe(at: Host.loopback, towards: nil)
            probe.intact = OffloadProbe.datagrams
            probe.mostJoined = OffloadProbe.datagrams
            probe.cut = OffloadProbe.evenDatagrams
            change(&probe)
            return BatchCheck.judge(probe, isOutward: true, interface: "eth7")
        }
        let good = try judge { _ in }
        #expect(good.severity == .ok)
        #expect(good.message.hasSuffix("16 at once, and eth7 sends batches."), "\(good)")
        #expect(try judge { $0.refusal = EINVAL }.severity == .warning)
        #expect(try judge { $0.mostJoined = 1 }.severity == .warning)
        let broken = try judge { $0.intact = 3 }
        #expect(broken.severity == .error)
        #expect(broken.command == "sudo ethtool -K eth7 tx-udp-segmentation off")
        let spoilt = try judge { $0.cut = 4 }
        #expect(spoilt.message.hasPrefix("Of a batch of 15 datagrams"), "\(spoilt)")
        #expect(spoilt.message.contains("itself, 4 arrived"), "\(spoilt)")
        let noChecksums = try judge { $0.deviceRefusal = EIO }
        #expect(noChecksums.command == "sudo ethtool -K eth7 tx on")
        // A firewall may refuse what goes nowhere.
        #expect(try judge { $0.deviceRefusal = EPERM }.severity == .ok)
    }

    @Test("an interface that does not join forwarded datagrams comes with the right command")
    func forwardedBatches() {
        #expect(ForwardedBatchCheck.results(of: "eth7", isOn: nil).isEmpty)
        #expect(ForwardedBatchCheck.results(of: "eth7", isOn: true).map(\.severity) == [.ok])
        let off = ForwardedBatchCheck.results(of: "eth7", isOn: false)
        #expect(off.map(\.severity) == [.warning])
        #expect(
            off.first?.command == "sudo ethtool -K eth7 rx-udp-gro-forwarding on rx-gro-list off"
        )
        // Loopback has a fixed list of features; one of them no kernel switches off.
        #expect(InterfaceNames.hasFeature("loopback", "lo") == true)
        #expect(InterfaceNames.hasFeature("no such feature", "lo") == nil)
        #expect(InterfaceNames.hasFeature("loopback", "no-such-device") == nil)
    }

    @Test("this very machine can be looked at, and each finding is a sentence with its next step")
    func here() {
        let files = SystemFiles()
        let found = [
            SocketBufferCheck.run(files),
            ReceiveDropCheck.run(files, ports: 5000...5999),
            PortRangeCheck.run(files, ports: 20_000...60_000, bindAddress: nil),
            BatchCheck.run(address: nil),
            OpenFileCheck.run(
                files,
                process: getpid(),
                processors: 1,
                workers: 1,
                ports: 5000...5001
            ),
        ]
        for result in found {
            #expect(result.message.hasSuffix("."), "\(result)")
            #expect(!result.message.contains("cannot be read"), "\(result)")
            #expect((result.severity == .ok) == (result.nextStep == nil))
        }
    }

    /// Runs a check on a machine that has only these files.
    private func system(
        _ contents: [String: String],
        _ body: (SystemFiles, URL) throws -> CheckResult
    ) throws -> CheckResult {
        try TemporaryDirectory.with { folder in
            for (path, text) in contents {
                let file = folder.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try text.write(to: file, atomically: true, encoding: .utf8)
            }
            return try body(SystemFiles(root: folder.path), folder)
        }
    }

    private static func table(_ sockets: [(port: UInt16, drops: Int, inode: String)]) -> String {
        let head =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
        return sockets.reduce(into: head) { text, socket in
            let port = String(socket.port, radix: 16, uppercase: true)
            text += "  1: 00000000:\(port) 00000000:0000 07 00000000:00000000 00:00000000 00000000 "
            text += "    0        0 \(socket.inode) 2 0000000000000000 \(socket.drops)\n"
        }
    }
}
