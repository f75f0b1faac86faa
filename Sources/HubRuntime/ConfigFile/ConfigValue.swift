import NetAddress
import WireGuardCrypto

/// What stands behind a `=`, read as one thing or another; nil, or an error's text, when it is not
/// that thing.
struct ConfigValue {
    let bytes: ArraySlice<UInt8>

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var publicKey: PublicKey? { bytes.count == 44 ? PublicKey(base64: text) : nil }

    var secretKey: SecretKey? { bytes.count == 44 ? SecretKey(base64: text) : nil }

    var isOff: Bool { text.lowercased() == "off" }

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

    /// The parts between commas; none when nothing stands here.
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

    /// `192.0.2.1:51820`, `[2001:db8::1]:51820` or `name:51820`.
    var endpoint: PeerEndpoint? {
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon > bytes.startIndex,
            let port = ConfigValue(bytes: bytes[(colon + 1)...]).number(in: 1...65_535)
        else { return nil }
        let host = bytes[..<colon]
        let port16 = UInt16(port)
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            let inside = String(decoding: host.dropFirst().dropLast(), as: UTF8.self)
            guard let address = IPv6Address(inside) else { return nil }
            let ip = address.mappedIPv4.map { IPAddress.v4($0) } ?? .v6(address)
            return .address(Endpoint(address: ip, port: port16))
        }
        let name = String(decoding: host, as: UTF8.self)
        if let address = IPv4Address(name) {
            return .address(Endpoint(address: .v4(address), port: port16))
        }
        guard host.count <= 253, host.allSatisfy(Self.mayStandInName) else { return nil }
        return .name(name, port: port16)
    }

    /// For an error: the text where it can be shown. What may be a key, or a part of one, is not:
    /// a longer text is shown only if something stands in it that is no base64.
    var quoted: String {
        guard !bytes.isEmpty else { return "nothing" }
        let isShowable =
            bytes.count <= 40
            && bytes.allSatisfy { Self.mayStandInName($0) || ":/,[]%".utf8.contains($0) }
            && (bytes.count <= 6 || bytes.contains { "-._:,[]%".utf8.contains($0) })
        return isShowable ? "'\(text)'" : "this"
    }

    private static func mayStandInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default:
            false
        }
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
