import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// How a peer's config gets from the server to the device, as a user sees it.
@Suite(.timeLimit(.minutes(5)))
struct PeerConfigCommandTests {
    private static let placeholder = "<! INSERT PEER PRIVATE KEY HERE !>"

    @Test("wgw peer config says that the private key is missing, and fills it in from a file")
    func privateKey() async throws {
        try await ClientWorld.run { world in
            let peer = try await world.makePeer("laptop")
            let key = try #require(peer.privateKey)
            let bare = try world.wgw("peer", "config", "laptop")
            #expect(bare.status == 0)
            #expect(bare.output.contains("PrivateKey = \(Self.placeholder)\n"))
            #expect(bare.output.contains("The private key is missing"))
            let file = try TemporaryFile(key + "\n")
            let whole = try world.wgw("peer", "config", "laptop", "--private-key", file.path)
            #expect(whole.status == 0)
            #expect(
                whole.masked == """
                    # WGW CloudVPN config. Target OS: Linux

                    [Interface]
                    PrivateKey = KEY
                    Address = 172.27.0.2/32

                    [Peer]
                    PublicKey = KEY
                    AllowedIPs = 172.27.0.0/24
                    Endpoint = ADDRESS:PORT
                    PersistentKeepalive = 25

                    """
            )
            #expect(whole.output.contains("PrivateKey = \(key)\n"))
        }
    }

    @Test("wgw peer config says that a network without a way out gives no full tunnel")
    func fullTunnel() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            let remark = "The peer has no way out of its network"
            let without = try world.wgw("peer", "config", "laptop", "--full-tunnel")
            #expect(without.status == 0 && without.output.contains(remark), "\(without.output)")
            #expect(!without.output.contains("0.0.0.0/0"))
            #expect(try !world.wgw("peer", "config", "laptop").output.contains(remark))
            try world.require("internet-gateway", "create", "exit")
            for format in ["wg-quick", "networkmanager", "mikrotik", "openwrt", "systemd-networkd"]
            {
                let words = ["peer", "config", "laptop", "--full-tunnel", "--format", format]
                let with = try world.run(words)
                #expect(with.status == 0 && !with.output.contains(remark), "\(with.output)")
            }
        }
    }

    @Test("wgw peer config refuses the private key of another peer, and a file without a key")
    func wrongKey() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            let other = try #require(try await world.makePeer("phone").privateKey)
            let foreign = try TemporaryFile(other)
            let end = try world.wgw("peer", "config", "laptop", "--private-key", foreign.path)
            #expect(end.status == 2)
            #expect(end.lines.count == 1)
            #expect(end.output.contains("is not the peer's"), "\(end.output)")
            #expect(!end.output.contains(other))
            let broken = try TemporaryFile("no key")
            let refused = try world.wgw("peer", "config", "laptop", "--private-key", broken.path)
            #expect(refused.status == 2)
            #expect(refused.output.contains("must hold a WireGuard key"), "\(refused.output)")
            let file = try TemporaryFile(
                "[Interface]\nAddress = 10.0.0.2/32\n privatekey=\(other) # its own\n"
            )
            let whole = try world.wgw("peer", "config", "phone", "--private-key", file.path)
            #expect(whole.status == 0 && whole.output.contains("PrivateKey = \(other)\n"))
            let absent = try world.wgw("peer", "config", "laptop", "--private-key", "/nowhere")
            #expect(absent.status == 2)
            #expect(absent.output.contains("/nowhere cannot be read"), "\(absent.output)")
        }
    }

    @Test("wgw peer config writes a file that only its owner may read")
    func file() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            let path = world.userFolder.appending(path: "laptop.conf").path
            let end = try world.wgw("peer", "config", "laptop", "-o", path)
            #expect(end.status == 0)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.hasPrefix("# WGW CloudVPN config"))
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)

            try "my only key".write(toFile: path, atomically: true, encoding: .utf8)
            let again = try world.wgw("peer", "config", "laptop", "-o", path)
            #expect(again.status == 5 && again.output.contains("replace it with --force"))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "my only key")
            let forced = try world.wgw("peer", "config", "laptop", "-o", path, "--force")
            #expect(forced.status == 0)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        }
    }

    @Test("wgw peer config writes each format, and names those that there are for another word")
    func formats() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            let starts = [
                "wg-quick": "# WGW CloudVPN", "wg-setconf": "[Interface]",
                "systemd-networkd": "# /etc/systemd/network/50-wg-office.netdev",
                "networkmanager": "[connection]\nid=office (laptop)\n",
                "mikrotik": "/interface wireguard add name=\"wg-office\"",
                "openwrt": "uci -q delete network.wg_office\n",
            ]
            for (format, start) in starts {
                let end = try world.wgw("peer", "config", "laptop", "--format", format)
                #expect(end.status == 0)
                #expect(end.output.hasPrefix(start), "\(end.output)")
            }
            let end = try world.wgw("peer", "config", "laptop", "--format", "cisco")
            #expect(end.status == 2)
            #expect(end.output.contains("networkmanager"), "\(end.output)")
        }
    }

    @Test("the QR code that wgw prints is read back as the complete config")
    func qrCode() async throws {
        try await ClientWorld.run { world in
            let key = try #require(try await world.makePeer("laptop").privateKey)
            let without = try world.wgw("peer", "config", "laptop", "--qr")
            #expect(without.status == 2)
            #expect(without.output.contains("--private-key"), "\(without.output)")
            let file = try TemporaryFile(key)
            let words = ["peer", "config", "laptop", "--private-key", file.path]
            let config = try world.run(words).output
            let code = try world.run(words + ["--qr"])
            #expect(code.status == 0)
            #expect(try Self.scan(code.lines) == config)
        }
    }

    @Test("wgw peer guide prints steps for the system, and asks for one where none is named")
    func guide() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            let guide = try world.wgw("peer", "guide", "laptop", "--os", "linux")
            #expect(guide.status == 0)
            #expect(guide.output.hasPrefix("# Linux: connect to office\n"))
            #expect(guide.output.contains("sudo wg-quick up wg-office"))
            let end = try world.wgw("peer", "guide", "laptop")
            #expect(end.status == 2)
            #expect(end.output.contains("--os"), "\(end.output)")
        }
    }

    /// With zbarimg: two modules of each character, drawn where they are light.
    private static func scan(_ lines: [Substring]) throws -> String {
        let scale = 4
        let rows = lines.flatMap { line in
            ["█▀", "█▄"].flatMap { light in
                let pixels = line.flatMap { character in
                    Array(repeating: light.contains(character) ? "0" : "1", count: scale)
                }
                return Array(repeating: pixels.joined(separator: " "), count: scale)
            }
        }
        let width = (lines.first?.count ?? 0) * scale
        let image = try TemporaryFile(
            "P1\n\(width) \(rows.count)\n" + rows.joined(separator: "\n") + "\n",
            suffix: ".pbm"
        )
        let text = try Command.require("zbarimg", "--nodbus", "--quiet", "--raw", image.path)
        return String(text.dropLast())
    }
}
