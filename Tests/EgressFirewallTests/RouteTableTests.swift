import NetAddress
import Testing

@testable import EgressFirewall

@Suite("The devices through which packets leave are found in the kernel's routes")
struct RouteTableTests {
    private let routes = RouteTable(
        """
        Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
        eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
        eth1\t006433C6\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
        wgw0\t00004064\t00000000\t0001\t0\t0\t0\t0000C0FF\t0\t0\t0
        eth2\t007100CB\t00000000\t0201\t0\t0\t0\t00FFFFFF\t0\t0\t0
        lo\t0000007F\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0
        eth3\tnonsense

        """
    )

    @Test("the internet is reached through the default route")
    func internet() throws {
        #expect(routes.outputs(for: try Plans.plan(services: [], hasInternet: true)) == ["eth0"])
        #expect(routes.outputs(for: try Plans.plan(services: [])).isEmpty)
    }

    @Test(
        "the internet is where a default route or both of its halves lead, and not into the TUN device"
    )
    func defaultRoute() {
        func table(_ lines: [(device: String, destination: String, mask: String)]) -> RouteTable {
            RouteTable(
                lines.map {
                    "\($0.device)\t\($0.destination)\t0\t0003\t0\t0\t0\t\($0.mask)\t0\t0\t0"
                }
                .joined(separator: "\n")
            )
        }
        let (low, high) = (("tun7", "00000000", "00000080"), ("tun7", "00000080", "00000080"))
        #expect(table([("eth0", "00000000", "00000000")]).hasDefault(besides: "wgw0"))
        #expect(table([low, high]).hasDefault(besides: "wgw0"))
        #expect(!table([low]).hasDefault(besides: "wgw0"))
        #expect(!table([low, high]).hasDefault(besides: "tun7"))
        #expect(!table([("eth0", "007100CB", "00FFFFFF")]).hasDefault(besides: "wgw0"))
        #expect(!table([("wgw0", "00000000", "00000000")]).hasDefault(besides: "wgw0"))
    }

    @Test(
        "services are reached through every route that they overlap, and not through the TUN device"
    )
    func services() throws {
        let outputs = { (services: [String]) in
            routes.outputs(for: try Plans.plan(services: services))
        }
        #expect(try outputs(["198.51.100.7/32"]) == ["eth0", "eth1"])
        #expect(try outputs(["192.0.2.0/24"]) == ["eth0"])
        #expect(try outputs(["203.0.113.0/24"]) == ["eth0"])
        #expect(try outputs(["100.64.0.0/24"]) == ["eth0"])
    }
}
