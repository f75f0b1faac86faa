import HTTPTypes
package import NetAddress

/// The proxies whose word about their clients is believed. Anyone can write the fields that carry it
/// (`X-Forwarded-For` and `X-Forwarded-Proto`), so that from others they mean nothing.
package struct TrustedProxies: Equatable, Sendable {
    package static let none = TrustedProxies([])

    /// Entries of a field that are read: proxies stand behind each other, but not without end.
    private static let mostEntries = 32

    private let prefixes: [IPPrefix]

    package init(_ prefixes: [IPPrefix]) {
        self.prefixes = prefixes
    }

    /// - Parameter other: the other end of the connection.
    func client(of headers: HTTPFields, behind other: ClientEnd) -> ClientEnd {
        guard let proxy = IPAddress(clientText: other.address[...]), contains(proxy) else {
            return other
        }
        return ClientEnd(
            address: client(in: headers[values: .forwardedFor], behind: proxy).description,
            isTLS: Self.isTLS(headers[values: .forwardedProto]) ?? other.isTLS
        )
    }

    /// Whether a proxy that is believed does not say for whom it asks, so that it stands for all of its clients.
    func areSilent(in headers: HTTPFields, behind other: ClientEnd) -> Bool {
        guard headers[values: .forwardedFor].isEmpty,
            let proxy = IPAddress(clientText: other.address[...])
        else { return false }
        return contains(proxy)
    }

    /// Each proxy adds at the right whom it was asked by. The rightmost that is not trusted is the last of which
    /// a trusted one has told: what stands left of it is that one's own word.
    private func client(in fields: [String], behind proxy: IPAddress) -> IPAddress {
        var nearest = proxy
        for entry in Self.entries(fields).reversed().prefix(Self.mostEntries) {
            guard let address = IPAddress(clientText: entry) else { return nearest }
            nearest = address
            guard contains(address) else { return address }
        }
        return nearest
    }

    /// By the word of the nearest proxy; nil where it says nothing.
    private static func isTLS(_ fields: [String]) -> Bool? {
        entries(fields).last.map { $0.lowercased() == "https" }
    }

    private static func entries(_ fields: [String]) -> [Substring] {
        fields.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map {
            $0.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
        }
    }

    private func contains(_ address: IPAddress) -> Bool {
        prefixes.contains { $0.contains(address) }
    }
}

extension IPAddress {
    /// An address as proxies and systems write it: alone, in brackets or with a port, and an IPv4 address also in
    /// the notation of IPv6. A zone behind `%` is left out.
    init?(clientText text: Substring) {
        var text = text
        if text.first == "[" {
            text = text.dropFirst().prefix { $0 != "]" }
        } else if text.count(where: { $0 == ":" }) == 1 {
            text = text.prefix { $0 != ":" }
        }
        guard let address = IPAddress(String(text.prefix { $0 != "%" })) else { return nil }
        guard case .v6(let long) = address, let short = long.mappedIPv4 else {
            self = address
            return
        }
        self = .v4(short)
    }
}

extension HTTPField.Name {
    fileprivate static let forwardedFor = known("x-forwarded-for")
    fileprivate static let forwardedProto = known("x-forwarded-proto")
}
