/// The two halves of `address/length`, parsed but not yet checked against each other.
struct PrefixNotation {
    let address: String
    let length: UInt8

    init(_ text: String) throws(AddressError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = UInt8(strictDecimal: parts[1]) else {
            throw .malformed(text)
        }
        self.address = String(parts[0])
        self.length = length
    }
}
