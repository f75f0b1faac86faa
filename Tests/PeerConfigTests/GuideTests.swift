import Foundation
import NetAddress
import PeerConfig
import TestSupport
import Testing

struct GuideTests {
    @Test(
        "a guide has numbered steps, the config and where to look",
        arguments: GuideSystem.allCases
    )
    func steps(system: GuideSystem) throws {
        let guide = try PeerTunnel.example().guide(for: system)
        let headings = guide.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(headings.count >= 5)
        for (index, heading) in headings.dropLast().enumerated() {
            #expect(heading.hasPrefix("## \(index + 1). "))
        }
        #expect(headings.last == "## If nothing answers")
        #expect(guide.hasPrefix("# \(system.name): connect to office\n"))
        for words in ["the peer laptop", "172.27.0.2", "handshake", ExampleKey.gateway] {
            #expect(guide.contains(words), "\(words)")
        }
        #expect(guide.contains("replace `<! INSERT PEER PRIVATE KEY HERE !>`"))
        #expect(guide.components(separatedBy: "```").count % 2 == 1, "every block ends")
    }

    @Test("a guide with every key in it asks for none", arguments: GuideSystem.allCases)
    func complete(system: GuideSystem) throws {
        let guide = try PeerTunnel.complete().guide(for: system)
        #expect(guide.contains(ExampleKey.privateKey))
        #expect(!guide.contains("INSERT") && !guide.contains("Put the keys in"))
    }

    @Test("a guide for a viewer says whom to ask for the preshared key")
    func hiddenPresharedKey() throws {
        let guide = try PeerTunnel.example { $0.presharedKey = .hidden }.guide(for: .linux)
        #expect(guide.contains("replace `<! INSERT PEER PRESHARED KEY HERE !>`"))
        #expect(guide.contains("ask a member of the organization"))
    }

    @Test("a guide tells what goes through the tunnel")
    func reach() throws {
        let some = try PeerTunnel.example().guide(for: .windows)
        #expect(some.contains("goes to `172.27.0.0/24` and `172.27.1.0/24` goes through"))
        let all = try PeerTunnel.example { $0.allowedPrefixes.append(.v4(.everything)) }
        #expect(all.guide(for: .windows).contains("Everything that the device sends goes through"))
    }

    @Test(
        "a hostile name is plain text in a guide, and ends no block",
        arguments: hostileNames + [
            "```", "<script>alert(1)</script>", "[x](javascript:y)",
        ]
    )
    func plainNames(name: String) throws {
        for system in GuideSystem.allCases {
            let plain = try PeerTunnel.example(peerName: "p", networkName: "office").guide(
                for: system
            )
            let guide = try PeerTunnel.example(peerName: name, networkName: "office")
                .guide(for: system)
            #expect(guide.split(separator: "\n").count == plain.split(separator: "\n").count)
            let fences = guide.split(separator: "\n").filter { $0.hasPrefix("```") }.count
            #expect(fences == plain.split(separator: "\n").filter { $0.hasPrefix("```") }.count)
            let prose = guide.split(separator: "\n").first { $0.hasPrefix("This connects") } ?? ""
            #expect(!prose.contains(/(^|[^\\])[<\[]/), "\(prose)")
        }
    }

    /// The commands of a guide write the config where it says, in a shell whose programs only print.
    @Test("the commands of the guide for Linux write the config file that they name")
    func linuxCommands() throws {
        let tunnel = try PeerTunnel.complete()
        let guide = tunnel.guide(for: .linux)
        let blocks = guide.components(separatedBy: "```sh\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
        let writing = try #require(blocks.first { $0.contains("tee") })
        let written = try TemporaryDirectory.with { folder in
            try Command.require(
                "sh",
                "-eu",
                input: "sudo() { \"$@\"; }\n"
                    + writing.replacing("/etc/wireguard", with: folder.path)
            )
            let file = folder.appending(path: "wg-office.conf")
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[
                .posixPermissions
            ]
            #expect(mode as? Int == 0o600)
            return try String(contentsOf: file, encoding: .utf8)
        }
        #expect(written == tunnel.config(for: .wgQuick))
    }

    @Test(
        "a shell can read every block of commands of the guides",
        arguments: hostileNames
    )
    func shellBlocks(name: String) throws {
        for system in [GuideSystem.linux, .macOS, .openWrt] {
            let guide = try PeerTunnel.complete(peerName: name, networkName: name).guide(
                for: system
            )
            let blocks = guide.components(separatedBy: "```sh\n").dropFirst()
            #expect(!blocks.isEmpty)
            for block in blocks {
                let commands = block.components(separatedBy: "```\n")[0]
                let result = try Command.run(["sh", "-n"], input: commands)
                #expect(result.status == 0, "\(result.output): \(commands)")
            }
        }
    }
}
