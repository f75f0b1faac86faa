import EndToEndSupport
import NetAddress
import TestSupport
import Testing

@testable import SystemIO

@Suite(
    "The routes to a device outlive what other programs do to it",
    .enabled(if: Privileges.allowTests, "skipped: \(Privileges.lacking ?? "")")
)
struct DeviceRoutesTests {
    @Test("routes that go with a device that is switched off, or by themselves, are put back")
    func restored() async throws {
        try await NamespaceThread.run {
            let netlink = try NetlinkSocket()
            let device = try TUNDevice()
            try netlink.change(interface: device.interface, isUp: true)
            var routes = DeviceRoutes(to: device.interface)
            for prefix in ["198.51.100.0/24", "2001:db8::/48", "0.0.0.0/0"] {
                try routes.add(IPPrefix(prefix), table: 51_820, netlink)
            }
            try routes.add(IPPrefix("203.0.113.0/24"), netlink)
            #expect(try !routes.areLost(netlink))
            for damage in [
                ["link", "set", device.name, "down"], ["route", "del", "203.0.113.0/24"],
                ["route", "flush", "table", "51820"],
            ] {
                try Command.require(["ip"] + damage)
                try netlink.change(interface: device.interface, isUp: true)
                #expect(try routes.areLost(netlink), "\(damage)")
                try routes.restore(netlink)
                #expect(try !routes.areLost(netlink), "\(damage)")
            }
            try routes.remove(IPPrefix("203.0.113.0/24"), netlink)
            #expect(try !Command.require("ip", "route").contains("203.0.113"))
            #expect(try !routes.areLost(netlink))
        }
    }

    @Test("the network of an address is a route as well, and that of another device is named")
    func present() async throws {
        try await NamespaceThread.run {
            let netlink = try NetlinkSocket()
            let (own, other) = (try TUNDevice(), try TUNDevice())
            for (device, address) in [(own, "10.9.0.1"), (other, "10.8.0.1")] {
                let address = try #require(IPAddress(address))
                try netlink.add(address, length: 24, to: device.interface)
                try netlink.change(interface: device.interface, isUp: true)
            }
            var routes = DeviceRoutes(to: own.interface)
            try routes.add(IPPrefix("10.9.0.0/24"), netlink)
            #expect(try !routes.areLost(netlink))
            let taken = try #require(
                throws: DeviceRoutes.Taken.self
            ) { try routes.add(IPPrefix("10.8.0.0/24"), netlink) }
            #expect(taken.device == other.name)
            #expect(try !routes.areLost(netlink), "what was refused is not missed")
        }
    }
}
