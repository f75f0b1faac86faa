import Foundation
import NetAddress
import TestSupport
import Testing
import WireGuardCrypto
import WireGuardEngine

@testable import HubRuntime

@Suite("The file of a hub's recent peers")
struct RememberedPeersTests {
    private let directory: TemporaryDirectory
    private var folder: String { directory.path }
    private var file: RememberedPeersFile { RememberedPeersFile(path: folder + "/hub.peers") }

    init() throws { directory = try TemporaryDirectory() }

    private func peer(
        _ key: String,
        _ endpoint: String,
        _ second: UInt64,
        configured: String = "none"
    ) throws -> RememberedPeer {
        RememberedPeer(
            publicKey: try #require(PublicKey(base64: key)),
            configured: configured,
            heard: HeardPeer(
                endpoint: try #require(Endpoint(endpoint)),
                lastSeen: WallTime(nanoseconds: second * 1_000_000_000)
            )
        )
    }

    @Test(
        "a hub's file of recent peers reads back, is its owner's alone, and leaves no file beside it"
    )
    func roundTrip() throws {
        #expect(try file.read().isEmpty, "there is none yet")
        let peers = [
            try peer(Keys.bob, "[2001:db8::1]:9", 1_700_000_009, configured: "b.example.net:9"),
            try peer(Keys.carol, "[fe80::1%3]:7", 1_700_000_002),
            try peer(Keys.alice, "192.0.2.1:7", 1_700_000_001),
        ]
        for _ in 0..<2 { try file.write(peers) }
        #expect(try file.read() == peers)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["hub.peers"])
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("a hub's file of recent peers with any part missing or changed is ignored")
    func damage() throws {
        let text = RememberedPeersFile.text(of: [
            try peer(Keys.alice, "192.0.2.1:7", 1_700_000_001),
            try peer(Keys.bob, "192.0.2.2:7", 1_700_000_000),
        ])
        #expect(RememberedPeersFile.peers(in: text)?.count == 2)
        for length in 0..<text.utf8.count {
            let part = String(decoding: text.utf8.prefix(length), as: UTF8.self)
            #expect(RememberedPeersFile.peers(in: part) == nil, "\(length) bytes")
        }
        let lines = text.split(separator: "\n").map(String.init)
        for index in lines.indices {
            for wrong in ["", "x", lines[index] + " x", String(lines[index].dropFirst())] {
                var changed = lines
                changed[index] = wrong
                let text = changed.joined(separator: "\n") + "\n"
                #expect(RememberedPeersFile.peers(in: text) == nil, "\(text)")
            }
        }
        try Data([0xff, 0x00, 0xfe]).write(to: URL(filePath: file.path))
        #expect(throws: RememberedPeersError("is damaged")) { try file.read() }
    }

    @Test("a hub's file of recent peers is not read through a link, from a pipe or from a folder")
    func foreignFile() throws {
        try FileManager.default.createSymbolicLink(
            atPath: file.path,
            withDestinationPath: "/etc/passwd"
        )
        #expect(throws: RememberedPeersError.self) { try file.read() }
        try FileManager.default.removeItem(atPath: file.path)
        #expect(mkfifo(file.path, 0o600) == 0)
        #expect(throws: RememberedPeersError.self) { try file.read() }
        try FileManager.default.removeItem(atPath: file.path)
        try FileManager.default.createDirectory(
            atPath: file.path,
            withIntermediateDirectories: false
        )
        #expect(throws: RememberedPeersError.self) { try file.read() }
        #expect(throws: RememberedPeersError.self) { try file.write([]) }
    }

    @Test("a hub's file of recent peers keeps a bounded number of peers, those heard last")
    func bound() throws {
        let peers = try (0..<RememberedPeersFile.maximumPeers + 10).map {
            try peer(Keys.alice, "192.0.2.1:7", UInt64($0))
        }
        let kept = try #require(
            RememberedPeersFile.peers(in: RememberedPeersFile.text(of: peers))
        )
        #expect(kept.count == RememberedPeersFile.maximumPeers)
        #expect(kept.last?.heard.lastSeen == WallTime(nanoseconds: 10 * 1_000_000_000))
    }

    @Test(
        "a hub's file of recent peers is written when a peer is new or moved, and else once a minute"
    )
    func news() throws {
        var memory = PeerMemory()
        #expect(!memory.isNews([]))
        let alice = try peer(Keys.alice, "192.0.2.1:7", 1_000)
        #expect(memory.isNews([alice]))
        memory.wrote([alice])
        #expect(!memory.isNews([alice]))
        #expect(!memory.isNews([try peer(Keys.alice, "192.0.2.1:7", 1_059)]))
        #expect(memory.isNews([try peer(Keys.alice, "192.0.2.1:7", 1_060)]))
        #expect(memory.isNews([try peer(Keys.alice, "192.0.2.1:8", 1_001)]))
        #expect(memory.isNews([alice, try peer(Keys.bob, "192.0.2.1:7", 1_001)]))
        #expect(!memory.isNews([]), "who left is forgotten with the next word")
    }

    @Test("each config file has a hub name of its own, however the files are called")
    func names() throws {
        let paths = ["/etc/a/wg0.conf", "/etc/b/wg0.conf", "/etc/b/wg0", "/etc/b/wg 0.conf"]
        let names = paths.map {
            RememberedPeersFile.path(in: "/run/wgw", of: HubConfigurationFile($0))
        }
        #expect(Set(names).count == 4)
        #expect(
            names.allSatisfy { $0.wholeMatch(of: #/\/run\/wgw\/wg_?0-[0-9a-f]+\.peers/#) != nil }
        )
    }

    @Test("a config file that is a link to a version keeps its hub name when the version changes")
    func versionedFile() throws {
        let files = FileManager.default
        let link = folder + "/wg0.conf"
        var names: [String] = []
        for version in ["first", "second"] {
            let target = "\(folder)/\(version).conf"
            #expect(files.createFile(atPath: target, contents: nil))
            try? files.removeItem(atPath: link)
            try files.createSymbolicLink(atPath: link, withDestinationPath: target)
            names.append(RememberedPeersFile.path(in: "/run/wgw", of: HubConfigurationFile(link)))
        }
        #expect(names[0] == names[1])
        let other = folder + "/other"
        try files.createSymbolicLink(atPath: other, withDestinationPath: folder)
        let sameFile = HubConfigurationFile(other + "/wg0.conf")
        #expect(RememberedPeersFile.path(in: "/run/wgw", of: sameFile) == names[0])
    }
}

@Suite("The name of a hub")
struct HubNameTests {
    @Test(
        "a hub's name is its config file's as one printable word that is not too long",
        arguments: [
            ("/etc/wireguard/wg0.conf", "wg0"), ("wg0", "wg0"), (".conf", ".conf"),
            ("a/tab\there.conf", "tab_here"), ("new\nline.conf", "new_line"),
            ("two words.conf", "two_words"), ("\u{202e}hidden\u{200b}.conf", "_hidden_"),
            ("bell\u{7}.conf", "bell_"), ("Büro.conf", "Büro"),
            (String(repeating: "x", count: 200) + ".conf", String(repeating: "x", count: 64)),
        ]
    )
    func names(path: String, name: String) {
        #expect(HubConfigurationFile(path).interfaceName == name)
    }
}
