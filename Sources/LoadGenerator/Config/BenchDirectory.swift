import Glibc
package import NetAddress
import SystemIO
package import WireGuardCrypto

/// A directory with the hub's config file and the keys of its peers, both made at once. Where the peers are
/// at two gateways (`scripts/bench-links` writes that), their file names both, the first peers' before the second's.
package struct BenchDirectory {
    /// A peer that the generator simulates.
    package struct Peer {
        package let privateKey: SecretKey
        package let address: IPv4Address
    }

    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package var gatewayFile: String { "\(path)/gateway.conf" }
    private var peerFile: String { "\(path)/peers" }

    /// Draws all keys and writes both files.
    package func write(_ plan: BenchPlan) throws(LoadError) {
        let gateway = Self.makeKey()
        var config = """
            # A hub for wgw-bench: \(plan.pairs) pairs of peers.
            # Address = \(plan.gatewayAddress)/\(plan.subnet.length)
            [Interface]
            PrivateKey = \(gateway.base64)
            ListenPort = \(plan.listenPort)

            """
        var peers = """
            # The peers of gateway.conf, two lines to a pair. Written by wgw-bench config.
            gateway \(X25519.publicKey(of: gateway))

            """
        for number in 0..<plan.peerCount {
            let key = Self.makeKey()
            let address = plan.address(ofPeer: number)
            config += "\n[Peer]\nPublicKey = \(X25519.publicKey(of: key))\n"
            config += "AllowedIPs = \(address)/32"
            for route in plan.extraRoutes(ofPeer: number) { config += ", \(route)" }
            config += "\n"
            peers += "peer \(key.base64) \(address)\n"
        }
        try SystemFile.makeDirectory(path)
        try SystemFile.write([(gatewayFile, config), (peerFile, peers)])
    }

    /// The public keys of the gateways, and the peers of the first `pairs` pairs, or of all.
    package func read(
        pairs: Int?
    ) throws(LoadError) -> (gateways: PairSides<PublicKey>, peers: [Peer]) {
        guard let text = SystemFile.read(peerFile) else {
            let reason = errno
            throw LoadError(
                "\(peerFile) cannot be read: \(SystemFile.message(of: reason));"
                    + " make it with wgw-bench config"
            )
        }
        var gateways: [PublicKey] = []
        var peers: [Peer] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if let pairs, peers.count == 2 * pairs { break }
            let words = line.split(separator: " ")
            switch words.first {
            case nil, "#":
                continue
            case "gateway" where words.count == 2 && gateways.count < 2:
                if let key = PublicKey(base64: String(words[1])), key != gateways.first {
                    gateways.append(key)
                    continue
                }
            case "peer" where words.count == 3:
                if let key = SecretKey(base64: String(words[1])),
                    let address = IPv4Address(String(words[2]))
                {
                    peers.append(Peer(privateKey: key, address: address))
                    continue
                }
            default:
                break
            }
            throw LoadError(
                "\(peerFile):\(index + 1) is not understood; make it again with wgw-bench config"
            )
        }
        guard let first = gateways.first, let second = gateways.last, peers.count >= 2,
            peers.count % 2 == 0
        else {
            throw LoadError("\(peerFile) is not complete; make it again with wgw-bench config")
        }
        if let pairs, peers.count < 2 * pairs {
            throw LoadError(
                "\(path) has \(peers.count / 2) pairs; ask for as many with --pairs, or fewer"
            )
        }
        return (PairSides(first, second), peers)
    }

    private static func makeKey() -> SecretKey {
        X25519.generatePrivateKey(filledBy: SystemRandom.fill)
    }
}
