import NetAddress
import SystemIO
import WireGuardCrypto

/// The value behind a `=`. Each property reads it as one type, and is nil when it is not of that type.
struct ConfigValue {
    let bytes: ArraySlice<UInt8>
    /// Indices of the line in front of which white space stood, which `wg` reads over. They ascend.
    var breaks: [Int] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var publicKey: PublicKey? { bytes.count == 44 ? PublicKey(base64: text) : nil }

    var secretKey: SecretKey? { bytes.count == 44 ? SecretKey(base64: text) : nil }

    var isOff: Bool { bytes.count == 3 && text.lowercased() == "off" }

    /// Digits only. Leading zeros are allowed, as `wg` does.
    func number(in range: ClosedRange<Int>) -> Int? {
        guard (1...9).contains(bytes.count) else { return nil }
        var number = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = 10 * number + Int(byte - UInt8(ascii: "0"))
        }
        return range.contains(number) ? number : nil
    }

    /// A port by its number or, as for `wg`, by the name of its UDP service (`/etc/services`).
    var port: UInt16? {
        if let number = number(in: 0...65_535) { return UInt16(number) }
        // The resolver would take a number that is too large, and wrap it around.
        let isName = bytes.contains(where: Self.isLetter) && bytes.allSatisfy(Self.mayStandInName)
        return isName ? NameLookup.port(ofService: text) : nil
    }

    /// The parts between white space and commas, as wg-quick parts addresses. An empty part
    /// is left out.
    var words: [ConfigValue] {
        var words: [ConfigValue] = []
        var start = bytes.startIndex
        var left = breaks.drop { $0 < start }
        for index in bytes.indices {
            if left.first == index {
                left.removeFirst()
                words.append(ConfigValue(bytes: bytes[start..<index]))
                start = index
            }
            if bytes[index] == UInt8(ascii: ",") {
                words.append(ConfigValue(bytes: bytes[start..<index]))
                start = index + 1
            }
        }
        words.append(ConfigValue(bytes: bytes[start...]))
        return words.filter { !$0.bytes.isEmpty }
    }

    /// The parts between commas; empty for an empty value.
    var list: [ConfigValue] {
        guard !bytes.isEmpty else { return [] }
        return bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .map { ConfigValue(bytes: $0) }
    }

    /// An address and, unless it stands alone, how many of its bits are meant.
    private var addressAndLength: (address: IPAddress, length: UInt8)? {
        let slash = bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
        guard let address = IPAddress(String(decoding: bytes[..<slash], as: UTF8.self)) else {
            return nil
        }
        let longest = address.bitCount
        guard slash < bytes.endIndex else { return (address, UInt8(longest)) }
        let tail = ConfigValue(bytes: bytes[(slash + 1)...])
        return tail.number(in: 0...longest).map { (address, UInt8($0)) }
    }

    /// Without a length it stands for its own network alone, as `ip address add` takes it.
    var interfaceAddress: InterfaceAddress? {
        addressAndLength.flatMap { try? InterfaceAddress($0.address, length: $0.length) }
    }

    /// Bits beyond the length are cleared, as `wg` does.
    var prefix: IPPrefix? {
        addressAndLength.flatMap { try? IPPrefix(containing: $0.address, length: $0.length) }
    }

    /// `192.0.2.1:51820`, `[2001:db8::1]:51820`, `[fe80::1%eth0]:51820` or `name:51820`; brackets
    /// can be left out or put around anything, since the last colon is the port's.
    var endpoint: PeerEndpoint? {
        guard let (host, port) = hostAndPort, !host.isEmpty else { return nil }
        let name = String(decoding: host, as: UTF8.self)
        let address = IPAddress(name)
        guard address != nil || Self.isName(host) || Self.hasZone(host) else { return nil }
        guard port != 0 else { return .nowhere }
        switch address {
        case .v6(let v6):
            return .address(Endpoint(address: v6.mappedIPv4.map { .v4($0) } ?? .v6(v6), port: port))
        case let v4?: return .address(Endpoint(address: v4, port: port))
        case nil: return .name(name, port: port)
        }
    }

    private var hostAndPort: (host: ArraySlice<UInt8>, port: UInt16)? {
        let host: ArraySlice<UInt8>
        let colon: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = bytes[..<bracket].dropFirst()
            colon = bracket + 1
        } else {
            guard let last = bytes.lastIndex(of: UInt8(ascii: ":")) else { return nil }
            host = bytes[..<last]
            colon = last
        }
        guard colon < bytes.endIndex, bytes[colon] == UInt8(ascii: ":") else { return nil }
        return ConfigValue(bytes: bytes[(colon + 1)...]).port.map { (host, $0) }
    }

    private static func isName(_ host: ArraySlice<UInt8>) -> Bool {
        host.count <= 253 && host.allSatisfy(mayStandInName)
    }

    /// An IPv6 address of one link and, behind a `%`, the interface to that link (RFC 4007 section
    /// 11). The interface may be there later only, so it is looked up as a name is.
    private static func hasZone(_ host: ArraySlice<UInt8>) -> Bool {
        guard let percent = host.firstIndex(of: UInt8(ascii: "%")) else { return false }
        let zone = host[(percent + 1)...]
        return IPv6Address(String(decoding: host[..<percent], as: UTF8.self)) != nil
            && (1..<16).contains(zone.count)
            && zone.allSatisfy { (0x21...0x7e).contains($0) && !"/:%[]".utf8.contains($0) }
    }

    /// For an error: the text where it can be shown. What may be a key, or a part of one, is not:
    /// a longer text is shown only if it contains a character that is not base64.
    var quoted: String {
        guard !bytes.isEmpty else { return "nothing" }
        let isShowable =
            bytes.count <= 40
            && bytes.allSatisfy { Self.mayStandInName($0) || ":/,[]%".utf8.contains($0) }
            && (bytes.count <= 6 || bytes.contains { "-._:,[]%".utf8.contains($0) })
        return isShowable ? "'\(text)'" : "this"
    }

    private static func mayStandInName(_ byte: UInt8) -> Bool {
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || "-._".utf8.contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

extension IPAddress {
    fileprivate var bitCount: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }
}
