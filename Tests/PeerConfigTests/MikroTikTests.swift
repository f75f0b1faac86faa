import GatewayDomain
import NetAddress
import PeerConfig
import Testing

struct MikroTikTests {
    @Test("RouterOS gets an interface, a peer, an address and a route for each subnet")
    func commands() throws {
        #expect(
            try PeerTunnel.complete().config(for: .mikroTik) == """
                /interface wireguard add name="wg-office" mtu=1420 \
                private-key="\(ExampleKey.privateKey)" comment="office (laptop)"
                /interface wireguard peers add interface="wg-office" \
                public-key="\(ExampleKey.gateway)" endpoint-address=64.16.243.3 endpoint-port=5107 \
                allowed-address=172.27.0.0/24,172.27.1.0/24 preshared-key="\(ExampleKey.preshared)" \
                persistent-keepalive=25s
                /ip address add address=172.27.0.2/32 interface="wg-office"
                /ip route add dst-address=172.27.0.0/24 gateway="wg-office"
                /ip route add dst-address=172.27.1.0/24 gateway="wg-office"

                """
        )
    }

    @Test("a full tunnel is a remark for RouterOS, whose way to the endpoint only its owner knows")
    func everything() throws {
        let lines = try PeerTunnel.example { $0.allowedPrefixes.append(.v4(.everything)) }
            .config(for: .mikroTik).split(separator: "\n")
        #expect(
            lines.contains { $0.contains("allowed-address=172.27.0.0/24,172.27.1.0/24,0.0.0.0/0") }
        )
        #expect(
            lines.filter { $0.contains("dst-address=0.0.0.0/0") }.allSatisfy { $0.hasPrefix("#") }
        )
    }

    @Test("RouterOS reads a hostile name back as it was given", arguments: hostileNames)
    func quoting(name: String) throws {
        let tunnel = try PeerTunnel.example(peerName: name, networkName: name)
        let line = try #require(
            tunnel.config(for: .mikroTik).split(separator: "\n").first
        )
        let words = try Self.words(line)
        #expect(words.last == "comment=\(tunnel.label)")
        #expect(words.count == 7)
    }

    /// Words of a RouterOS line: blanks end them, quotes keep blanks, and within quotes a backslash and two
    /// capital hexadecimal digits are a byte. What could be an expression fails.
    private static func words(_ line: Substring) throws -> [String] {
        var words: [[UInt8]] = [[]]
        var isQuoted = false
        var rest = Array(line.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                isQuoted.toggle()
            case UInt8(ascii: " ") where !isQuoted:
                words.append([])
            case UInt8(ascii: "\\"):
                try #require(isQuoted)
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                try #require(digits == digits.uppercased())
                words[words.count - 1].append(try #require(UInt8(digits, radix: 16)))
                rest = rest.dropFirst(2)
            default:
                let scalar = Unicode.Scalar(byte)
                try #require(scalar.isASCII && !"$[]{};?`'#".unicodeScalars.contains(scalar))
                words[words.count - 1].append(byte)
            }
        }
        try #require(!isQuoted)
        return words.map { String(decoding: $0, as: UTF8.self) }
    }
}
