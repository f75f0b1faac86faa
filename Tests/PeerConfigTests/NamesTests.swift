import PeerConfig
import Testing

struct NamesTests {
    @Test(
        "the interface is named after the network, in letters that every system takes",
        arguments: [
            ("office", "wg-office"), ("Head Office", "wg-head-office"), ("default", "wg-default"),
            ("a network with a long name", "wg-a-network-wi"),
            ("twelve chars and", "wg-twelve-chars"),
            ("Büro", "wg-b-ro"), ("北京", "wg0"), ("../../etc", "wg-etc"), ("-", "wg0"),
        ]
    )
    func interfaceName(network: String, name: String) throws {
        #expect(try PeerTunnel.example(networkName: network).interfaceName == name)
    }

    @Test("no name makes an interface name that Linux refuses", arguments: hostileNames)
    func hostileInterfaceNames(network: String) throws {
        let name = try PeerTunnel.example(networkName: network).interfaceName
        #expect(name.wholeMatch(of: /wg(0|(-[a-z0-9]+)+)/) != nil && name.count <= 15, "\(name)")
    }

    @Test("no name adds a line to a config", arguments: hostileNames)
    func lines(name: String) throws {
        for format in ConfigFormat.allCases {
            let plain = try PeerTunnel.example(peerName: "plain").config(for: format)
            let hostile = try PeerTunnel.example(peerName: name).config(for: format)
            #expect(
                hostile.split(whereSeparator: \.isNewline).count
                    == plain.split(whereSeparator: \.isNewline).count,
                "\(format): \(hostile)"
            )
        }
    }
}
