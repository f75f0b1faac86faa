/// What an interface is configured with: an address and how far its own network reaches.
@frozen
public struct InterfaceAddress: Hashable, Sendable {
    public let address: IPAddress
    public let length: UInt8
    public let prefix: IPPrefix

    public init(_ address: IPAddress, length: UInt8) throws(AddressError) {
        self.address = address
        self.length = length
        self.prefix = try IPPrefix(containing: address, length: length)
    }

    /// `172.27.0.1/24`. The length is not optional: /32 by silence is rarely what was meant.
    public init(_ text: String) throws(AddressError) {
        let notation = try PrefixNotation(text)
        guard let address = IPAddress(notation.address) else { throw .malformed(text) }
        try self.init(address, length: notation.length)
    }
}

extension InterfaceAddress: CustomStringConvertible {
    public var description: String {
        "\(address)/\(length)"
    }
}
