import DataPlane
import GatewayDomain
import NetAddress
import Testing

@testable import wgw

@Suite("What wgw doctor finds about a server")
struct ServerCheckTests {
    @Test(
        "an address that not everybody reaches is a warning with its kind",
        arguments: [
            ("1.1.1.1", nil), ("2606:4700::1111", nil), ("127.0.0.1", "this machine itself"),
            ("10.1.2.3", "a private network"), ("172.31.0.1", "a private network"),
            ("172.32.0.1", nil), ("192.168.1.1", "a private network"),
            ("100.64.0.1", "a provider's NAT"), ("fd00::1", "a private network"),
            ("2001:db8::1", "documentation"), ("203.0.113.9", "documentation"),
        ] as [(String, String?)]
    )
    func endpoint(text: String, kind: String?) throws {
        let host = try #require(PublicHost(text))
        let found = EndpointCheck.run(host) { _ throws(NameLookupError) in
            throw NameLookupError(reason: "not asked")
        }
        #expect(found.severity == (kind == nil ? .ok : .warning))
        if let kind { #expect(found.message.contains(kind), "\(found)") }
    }

    @Test("a host name is judged by its address, and is an error without one")
    func endpointName() throws {
        let host = try #require(PublicHost("vpn.example.com"))
        let inside = EndpointCheck.run(host) { _ throws(NameLookupError) in
            .v4(IPv4Address(bits: 0x0a00_0001))
        }
        #expect(inside.severity == .warning)
        #expect(inside.message.contains("vpn.example.com (10.0.0.1): it is an address"))
        let absent = EndpointCheck.run(host) { _ throws(NameLookupError) in
            throw NameLookupError(reason: "Name or service not known")
        }
        #expect(absent.severity == .error)
        #expect(absent.message.contains("Name or service not known"))
    }

    @Test("clocks that are half a minute apart are a warning with the difference and its side")
    func clock() {
        func found(_ server: Int64) -> CheckResult {
            let time = { (seconds: Int64) in Timestamp(microseconds: seconds * 1_000_000) }
            return ClockCheck.run(server: time(server), asked: time(1_000), answered: time(1_010))
        }
        // The answer took ten seconds, in which the server's time may have been any.
        for server: Int64 in [971, 1_000, 1_005, 1_010, 1_040] {
            #expect(found(server).severity == .ok, "\(server)")
        }
        #expect(found(900).message.contains("100 seconds ahead of the server's"), "\(found(900))")
        #expect(found(1_100).message.contains("90 seconds behind the server's"))
    }

    @Test("two versions are a warning that names both")
    func version() {
        #expect(VersionCheck.run(server: "0.1.0", client: "0.1.0").severity == .ok)
        let differing = VersionCheck.run(server: "0.2.0", client: "0.1.0")
        #expect(differing.severity == .warning)
        #expect(differing.message.contains("version 0.2.0, this command line version 0.1.0"))
    }
}
