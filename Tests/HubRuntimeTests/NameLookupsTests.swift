import NetAddress
import Synchronization
import SystemIO
import Testing

@testable import HubRuntime

@Suite("Looking names up")
struct NameLookupsTests {
    @Test("an endpoint of an address, zone or service name is resolved without a name server")
    func numbers() throws {
        #expect("\(try NameLookup.endpoint(of: "127.1").address)" == "127.0.0.1")
        #expect("\(try NameLookup.endpoint(of: "::ffff:192.0.2.1").address)" == "192.0.2.1")
        let zone = try #require(InterfaceNames.number(of: "lo"))
        #expect(try NameLookup.endpoint(of: "fe80::1%lo").host == "fe80::1%\(zone)")
        #expect(try NameLookup.endpoint(of: "2001:db8::1").zone == 0)
        #expect(throws: NameLookupError.self) { try NameLookup.endpoint(of: "fe80::1%nosuch0") }
        #expect(NameLookup.port(ofService: "isakmp") == 500)
        #expect(NameLookup.port(ofService: "nosuch") == nil)
    }

    @Test("every endpoint name is answered, however many are asked for at once")
    func many() async {
        let (answers, continuation) = AsyncStream.makeStream(of: String.self)
        let lookups = NameLookups { name, _ in continuation.yield(name) }
        let names = (1...40).map { "127.0.0.\($0)" }
        lookups.look(up: Array(names[..<30]))
        lookups.look(up: Array(names[30...]))
        var answered: Set<String> = []
        for await name in answers.prefix(40) { answered.insert(name) }
        #expect(answered == Set(names))
    }
}
