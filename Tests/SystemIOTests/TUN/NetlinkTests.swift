import EndToEndSupport
import Glibc
import NetAddress
import TestSupport
import Testing

@testable import SystemIO

@Suite("Interfaces, addresses, routes and rules of the kernel", .enabled(if: Privileges.allowTests))
struct NetlinkTests {
    @Test(
        "a TUN device gets a free name, a queue for each worker, addresses and an MTU, and is gone when it is shut"
    )
    func device() async throws {
        try await NamespaceThread.run {
            let netlink = try NetlinkSocket()
            let first = try TUNDevice(queues: 3)
            let second = try TUNDevice()
            #expect([first.name, second.name] == ["wgw0", "wgw1"])
            #expect(first.queues.count == 3)
            try netlink.add(try #require(IPAddress("10.9.0.1")), length: 24, to: first.interface)
            try netlink.add(try #require(IPAddress("fd09::1")), length: 64, to: first.interface)
            // A second time changes nothing.
            try netlink.add(try #require(IPAddress("10.9.0.1")), length: 24, to: first.interface)
            try netlink.change(interface: first.interface, mtu: 1_380, isUp: true)
            let mtu = try netlink.mtu(of: first.interface)
            #expect(mtu == 1_380)
            #expect(InterfaceNames.name(having: try #require(IPAddress("10.9.0.1"))) == "wgw0")
            let own = try netlink.route(to: try #require(IPAddress("10.9.0.77")))
            #expect(own.interface == first.interface)
            #expect(own.source == IPAddress("10.9.0.1"))
            // A detached queue leaves the device as it is.
            try first.queues[2].attach(false)
            try first.queues[2].attach(true)
            first.shut()
            #expect(InterfaceNames.number(of: "wgw0") == nil)
            #expect(throws: SystemError.self) {
                try netlink.route(to: try #require(IPAddress("10.9.0.77")))
            }
        }
    }

    @Test("routes are added, found, listed and deleted", arguments: [false, true])
    func routes(isIPv6: Bool) async throws {
        try await NamespaceThread.run {
            let netlink = try NetlinkSocket()
            let device = try TUNDevice()
            let address = try #require(IPAddress(isIPv6 ? "fd09::1" : "10.9.0.1"))
            try netlink.add(address, length: isIPv6 ? 64 : 24, to: device.interface)
            try netlink.change(interface: device.interface, isUp: true)
            let far = SystemRoute(
                to: try IPPrefix(isIPv6 ? "2001:db8::/48" : "198.51.100.0/24"),
                through: try #require(IPAddress(isIPv6 ? "fd09::2" : "10.9.0.2")),
                interface: device.interface,
                metric: 77
            )
            let everything = SystemRoute(
                to: try IPPrefix(isIPv6 ? "::/0" : "0.0.0.0/0"),
                interface: device.interface,
                metric: 1_024,
                table: 51_820
            )
            try netlink.add(far)
            #expect(throws: SystemError.system(call: "RTM_NEWROUTE", errno: EEXIST)) {
                try netlink.add(far)
            }
            try netlink.replace(far)
            try netlink.add(everything)
            #expect(try netlink.routes(isIPv6: isIPv6).contains(far))
            #expect(try netlink.routes(ofTable: 51_820, isIPv6: isIPv6) == [everything])
            let inside = try #require(IPAddress(isIPv6 ? "2001:db8::5" : "198.51.100.5"))
            #expect(try netlink.route(to: inside).gateway == far.gateway)
            try netlink.delete(far)
            #expect(throws: SystemError.system(call: "RTM_DELROUTE", errno: ESRCH)) {
                try netlink.delete(far)
            }
            #expect(try !netlink.routes(isIPv6: isIPv6).contains(far))
        }
    }

    @Test(
        "rules of routing are added, heeded for their mark, listed and deleted",
        arguments: [false, true]
    )
    func rules(isIPv6: Bool) async throws {
        try await NamespaceThread.run {
            let netlink = try NetlinkSocket()
            let device = try TUNDevice()
            let address = try #require(IPAddress(isIPv6 ? "fd09::1" : "10.9.0.1"))
            try netlink.add(address, length: isIPv6 ? 64 : 24, to: device.interface)
            try netlink.change(interface: device.interface, isUp: true)
            let everything = try IPPrefix(isIPv6 ? "::/0" : "0.0.0.0/0")
            try netlink.add(
                SystemRoute(to: everything, interface: device.interface, table: 51_820)
            )
            let marked = RoutingRule(
                isIPv6: isIPv6,
                priority: 5_001,
                table: 51_820,
                mark: 0xca6c,
                isInverted: true
            )
            let specific = RoutingRule(
                isIPv6: isIPv6,
                priority: 5_000,
                table: SystemRoute.mainTable,
                ignoringPrefixesUpTo: 0
            )
            try netlink.add(marked)
            try netlink.add(specific)
            let rules = try netlink.rules(isIPv6: isIPv6)
            #expect(rules.contains(marked) && rules.contains(specific))
            let far = try #require(IPAddress(isIPv6 ? "2001:db8::5" : "198.51.100.5"))
            #expect(try netlink.route(to: far).interface == device.interface)
            #expect(throws: SystemError.self) { try netlink.route(to: far, mark: 0xca6c) }
            try netlink.delete(marked)
            try netlink.delete(specific)
            #expect(
                try netlink.rules(isIPv6: isIPv6).allSatisfy { ![marked, specific].contains($0) }
            )
        }
    }

    @Test("a rule drops what comes in through a device without a mark, and outlives the device")
    func dropping() async throws {
        try await NamespaceThread.run {
            let netlink = try NetlinkSocket()
            let device = try TUNDevice()
            let rule = RoutingRule(
                isIPv6: false,
                priority: 1,
                table: nil,
                incoming: device.name,
                mark: 0
            )
            try netlink.add(rule)
            #expect(throws: SystemError.system(call: "RTM_NEWRULE", errno: EEXIST)) {
                try netlink.add(rule)
            }
            let shown = try Command.require("ip", "rule")
            let line = "1:\tfrom all fwmark 0 iif \(device.name) blackhole"
            #expect(shown.contains(line), "\(shown)")
            device.shut()
            #expect(try netlink.rules(isIPv6: false).contains(rule))
            try netlink.delete(rule)
            #expect(try !netlink.rules(isIPv6: false).contains(rule))
        }
    }

    @Test("a route tells what fits into its packets, where that is known")
    func routeMTU() async throws {
        try await NamespaceThread.run {
            let netlink = try NetlinkSocket()
            let device = try TUNDevice()
            try netlink.change(interface: device.interface, isUp: true)
            for (prefix, words) in [
                ("198.51.100.0/24", ["mtu", "1300"]), ("203.0.113.0/24", []),
            ] {
                try Command.require(["ip", "route", "add", prefix, "dev", device.name] + words)
            }
            let known = try #require(IPAddress("198.51.100.7"))
            #expect(try netlink.route(to: known).mtu == 1300)
            let unknown = try #require(IPAddress("203.0.113.7"))
            #expect(try netlink.route(to: unknown).mtu == nil)
        }
    }

    @Test("an error of the kernel names the call and says what is wrong")
    func errors() async throws {
        try await NamespaceThread.run {
            let netlink = try NetlinkSocket()
            #expect(throws: SystemError.system(call: "RTM_NEWLINK", errno: ENODEV)) {
                try netlink.change(interface: 4_711, mtu: 1_400)
            }
            #expect(throws: SystemError.self) { try TUNDevice(named: "a name that is too long") }
        }
    }

    @Test("a device with the name of one that is there is refused")
    func takenName() async throws {
        try await NamespaceThread.run {
            let device = try TUNDevice(named: "tun-own")
            #expect(throws: SystemError.self) { try TUNDevice(named: "lo") }
            #expect(device.name == "tun-own")
        }
    }

    @Test("answers that end within a message are read as far as they are whole")
    func cutAnswers() {
        var message = NetlinkMessage(24, flags: 0, fixed: [2, 24, 0, 0, 254, 4, 0, 1, 0, 0, 0, 0])
        message.add(1, [198, 51, 100, 0])
        message.add(4, 7)
        for count in 0...message.bytes.count {
            for answer in NetlinkAnswer.all(in: Array(message.bytes.prefix(count))) {
                #expect(count == message.bytes.count)
                #expect(answer.attributes(behind: 12).count == 2)
            }
        }
        var random = SplitMix64(seed: 1)
        for _ in 0..<2_000 {
            var bytes = message.bytes
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
                in: 0 ... .max,
                using: &random
            )
            for answer in NetlinkAnswer.all(in: bytes) { _ = answer.attributes(behind: 12) }
        }
    }
}

extension NetlinkSocket {
    fileprivate func mtu(of interface: UInt32) throws -> UInt32? {
        let message = NetlinkMessage(
            18,
            flags: NetlinkMessage.Flag.acknowledge,
            fixed: [0, 0, 0, 0] + NetlinkMessage.words(interface) + [0, 0, 0, 0, 0, 0, 0, 0]
        )
        var mtu: UInt32?
        try ask(message, as: "RTM_GETLINK") { answer in
            mtu = answer.attributes(behind: 16)[4]?.number(at: 0, as: UInt32.self)
        }
        return mtu
    }
}
