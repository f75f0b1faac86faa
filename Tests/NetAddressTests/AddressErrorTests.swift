import NetAddress
import Testing

struct AddressErrorTests {
    @Test("every error about an address says what to do about it")
    func advice() {
        #expect("\(AddressError.malformed("10.0.0"))".contains("'10.0.0'"))
        #expect("\(AddressError.malformed("10.0.0"))".contains("10.0.0.0/24"))
        #expect("\(AddressError.prefixTooLong(33))".contains("up to 32"))
        #expect("\(AddressError.hostBitsSet)".contains("clear them"))
    }
}
