import SystemIO
import Testing

struct InterfaceNamesTests {
    @Test("a network interface is found by its name, and named by its number")
    func loopback() throws {
        let number = try #require(InterfaceNames.number(of: "lo"))
        #expect(number > 0)
        #expect(InterfaceNames.name(of: number) == "lo")
    }

    @Test(
        "a network interface that does not exist has no number, and its number stays a number in text"
    )
    func missing() {
        #expect(InterfaceNames.number(of: "no-such-device") == nil)
        #expect(InterfaceNames.number(of: "") == nil)
        #expect(InterfaceNames.name(of: .max) == "4294967295")
    }
}
