import GatewayDomain
import JSON
import NetAddress
import OpenAPI

extension Codec<IPv4Prefix> {
    static func network(example: String) -> Codec {
        .string({ .string($0, example: .string(example)) }, write: \.description) {
            (text) throws(FieldProblem.Reason) in
            do throws(AddressError) {
                return try IPv4Prefix(text)
            } catch .hostBitsSet {
                throw .invalid("has host bits set; write the network, like 172.27.1.0/24")
            } catch {
                throw .invalid("must be an IPv4 network like 172.27.1.0/24")
            }
        }
    }
}

extension Codec<IPPrefix> {
    /// A network of either family. An address alone is the network that holds it alone.
    static func network(example: String) -> Codec {
        .string({ .string($0, example: .string(example)) }, write: \.description) {
            (text) throws(FieldProblem.Reason) in
            do throws(AddressError) {
                return try IPPrefix(text)
            } catch .hostBitsSet {
                throw .invalid("has host bits set; write the network, like \(example)")
            } catch {
                throw .invalid("must be a network like \(example) or 2001:db8:1::/48")
            }
        }
    }
}

extension Codec where Value: LosslessStringConvertible {
    /// An address or an endpoint, as its type writes it. `kind` completes the sentence "must be …".
    static func parsed(_ kind: String, example: String? = nil) -> Codec {
        .string(
            { .string($0, example: example.map { .string($0) }) },
            write: \.description
        ) { (text) throws(FieldProblem.Reason) in
            guard let value = Value(text) else { throw .invalid("must be \(kind)") }
            return value
        }
    }
}

extension Codec<InterfaceAddress> {
    static func interfaceAddress(example: String) -> Codec {
        .string({ .string($0, example: .string(example)) }, write: \.description) {
            (text) throws(FieldProblem.Reason) in
            do {
                return try InterfaceAddress(text)
            } catch {
                throw .invalid("must be an address and a prefix length, like \(example)")
            }
        }
    }
}
