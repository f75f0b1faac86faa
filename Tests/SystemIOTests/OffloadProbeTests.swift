import NetAddress
import SystemIO
import Testing

@Suite("What the kernel does with runs of datagrams")
struct OffloadProbeTests {
    @Test("on loopback a run of datagrams arrives whole, and joined")
    func loopback() throws {
        let probe = try OffloadProbe(at: .v4(IPv4Address(bits: 0x7f00_0001)), towards: nil)
        #expect(probe.refusal == nil)
        #expect(probe.intact == OffloadProbe.datagrams)
        #expect(probe.mostJoined == OffloadProbe.datagrams)
        #expect(probe.cut == OffloadProbe.evenDatagrams)
    }

    @Test("a destination without a route is a refusal with its error number")
    func noRoute() throws {
        let loopback = IPAddress.v4(IPv4Address(bits: 0x7f00_0001))
        // From an address of loopback nothing goes out.
        let far = try #require(Endpoint("192.0.2.1:9"))
        let probe = try OffloadProbe(at: loopback, towards: far)
        #expect(probe.intact == OffloadProbe.datagrams)
        #expect(probe.deviceRefusal != nil)
    }

    @Test("an address of another host cannot be probed")
    func foreignAddress() throws {
        let address = try #require(IPAddress("192.0.2.1"))
        #expect(throws: SystemError.addressNotLocal(address)) {
            try OffloadProbe(at: address, towards: nil)
        }
    }
}
