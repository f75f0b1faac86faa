import GatewayDomain
import Glibc
import Testing

struct IdentifierTests {
    @Test("an object's id is written in lower case and read back")
    func roundTrip() throws {
        let text = "58B42010-DE88-4D9B-A164-D0B8170100BC"
        let id = try #require(NetworkID(text))
        #expect(id.description == text.lowercased())
        #expect(NetworkID(id.description) == id)
    }

    @Test(
        "text that is no UUID is refused as an object's id",
        arguments: [
            "", "1", "58b42010de884d9ba164d0b8170100bc", "58b42010-de88-4d9b-a164-d0b8170100bcx",
        ]
    )
    func malformed(text: String) {
        #expect(PeerID(text) == nil)
    }

    @Test("the ids of objects sort like their texts")
    func order() {
        let ids = (0..<50).map { _ in GatewayID.random() }
        #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
    }

    @Test("ids that are made are distinct UUIDs of version 4")
    func version() {
        let ids = (0..<100).map { _ in PeerID.random().description }
        #expect(Set(ids).count == 100)
        #expect(ids.allSatisfy { $0.wholeMatch(of: /.{14}4.{4}[89ab].{16}/) != nil }, "\(ids)")
    }

    @Test("ids that are made are distinct where the process may open no more files")
    func withoutDescriptors() async {
        await #expect(processExitsWith: .success) {
            var none = rlimit(rlim_cur: 0, rlim_max: 0)
            guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none) == 0,
                open("/dev/urandom", O_RDONLY) < 0
            else { exit(2) }
            let ids = Set((0..<100).map { _ in PeerID.random() })
            exit(ids.count == 100 ? EXIT_SUCCESS : EXIT_FAILURE)
        }
    }
}
