import Testing

@testable import DataPlane

struct InterfaceNamesTests {
    @Test("an interface is found by its name, and named by its number")
    func loopback() throws {
        let number = try #require(InterfaceNames.number(of: "lo"))
        #expect(number > 0)
        #expect(InterfaceNames.name(of: number) == "lo")
    }

    @Test("one that is not there has no number, and stays a number in text")
    func missing() {
        #expect(InterfaceNames.number(of: "no-such-device") == nil)
        #expect(InterfaceNames.number(of: "") == nil)
        #expect(InterfaceNames.name(of: .max) == "4294967295")
    }
}
