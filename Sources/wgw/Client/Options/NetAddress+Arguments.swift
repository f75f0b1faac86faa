import ArgumentParser
import NetAddress

// Each reads the value of an option.

extension IPv4Prefix {
    static func argument(_ text: String) throws -> IPv4Prefix {
        guard let prefix = try? IPv4Prefix(text) else {
            throw ValidationError("write a network like 10.64.0.0/16, whose host bits are zero")
        }
        return prefix
    }
}

extension [IPv4Prefix] {
    static func argument(_ text: String) throws -> [IPv4Prefix] {
        try text.commaSeparated.map { try IPv4Prefix.argument($0) }
    }
}

extension IPv4Address {
    static func argument(_ text: String) throws -> IPv4Address {
        guard let address = IPv4Address(text) else {
            throw ValidationError("write an IPv4 address like 172.27.0.7, without a length")
        }
        return address
    }
}

extension InterfaceAddress {
    static func argument(_ text: String) throws -> InterfaceAddress {
        guard text.contains("/"), let address = try? InterfaceAddress(text) else {
            throw ValidationError("write an address and a length, like 172.27.0.1/24")
        }
        return address
    }
}

extension [IPPrefix] {
    static func argument(_ text: String) throws -> [IPPrefix] {
        if text == "none" { return [] }
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let prefix = try? IPPrefix(word.trimmingPrefix { $0 == " " }.description) else {
                throw ValidationError(
                    "write networks like 192.168.10.0/24, whose host bits are zero, or none"
                )
            }
            return prefix
        }
    }
}
