import Testing

@testable import DataPlaneStatus

@Suite("The dump of wg show")
struct StatusDumpTests {
    static let example = StatusDump(
        "wg0\tPRIVATE\tPUBLIC\t51820\toff\n"
            + "wg0\tA\tPSK\t192.0.2.1:1000\t10.0.0.2/32,fd00::2/128\t1700000000\t1269\t3113\t25\n"
            + "wg0\tB\t(none)\t(none)\t(none)\t0\t0\t0\toff\n"
            + "wg1\tPRIVATE2\tPUBLIC2\t51821\toff\n"
    )

    @Test("the dump of wg show is read field by field")
    func reading() throws {
        let dump = try #require(Self.example)
        #expect(dump.interfaces.map(\.name) == ["wg0", "wg1"])
        let peers = dump.interfaces[0].peers
        #expect(peers.map(\.publicKey) == ["A", "B"])
        #expect(peers[0].presharedKey == "PSK")
        #expect(peers[0].allowedAddresses == ["10.0.0.2/32", "fd00::2/128"])
        #expect(peers[0].keepalive == 25)
        #expect((peers[0].receivedBytes, peers[0].sentBytes) == (1269, 3113))
        #expect((peers[1].presharedKey, peers[1].endpoint, peers[1].keepalive) == (nil, nil, nil))
        #expect(peers[1].allowedAddresses.isEmpty)
    }

    @Test("a dump is written as it was read, and for one interface without its name")
    func writing() throws {
        let dump = try #require(Self.example)
        #expect(StatusDump(StatusColumn.dump.text(of: dump)) == dump)
        let lines = StatusColumn.dump.text(of: dump.interfaces[0], isNamed: false)
            .split(separator: "\n")
        #expect(lines.first == "PRIVATE\tPUBLIC\t51820\toff")
        #expect(lines.last == "B\t(none)\t(none)\t(none)\t0\t0\t0\toff")
    }

    @Test(
        "a column of the dump is printed alone as wg show prints it",
        arguments: [
            (.publicKey, "PUBLIC\n"), (.privateKey, "PRIVATE\n"), (.listenPort, "51820\n"),
            (.fwmark, "off\n"), (.peers, "A\nB\n"), (.presharedKeys, "A\tPSK\nB\t(none)\n"),
            (.endpoints, "A\t192.0.2.1:1000\nB\t(none)\n"),
            (.allowedIPs, "A\t10.0.0.2/32 fd00::2/128\nB\t(none)\n"),
            (.latestHandshakes, "A\t1700000000\nB\t0\n"), (.transfer, "A\t1269\t3113\nB\t0\t0\n"),
            (.persistentKeepalive, "A\t25\nB\toff\n"),
        ] as [(StatusColumn, String)]
    )
    func columns(column: StatusColumn, text: String) throws {
        let dump = try #require(Self.example)
        #expect(column.text(of: dump.interfaces[0], isNamed: false) == text)
        let named = text.split(separator: "\n").map { "wg0\t\($0)\n" }.joined()
        #expect(column.text(of: dump.interfaces[0], isNamed: true) == named)
        #expect(column.text(of: dump).hasPrefix(named))
    }

    @Test(
        "the id of a gateway is read from the answer of its process, and is in no dump that is printed"
    )
    func ids() throws {
        let dump = try #require(StatusDump("office\tPRIVATE\tPUBLIC\t5000\toff\tID\n"))
        #expect(dump.interfaces[0].id == "ID")
        #expect(StatusColumn.dump.text(of: dump) == "office\tPRIVATE\tPUBLIC\t5000\toff\n")
    }

    @Test(
        "text that is no dump of wg show is refused",
        arguments: [
            "wg0\tonly\tthree", "wg0\tA\t(none)\t(none)\t(none)\t0\t0\t0\toff",
            "wg0\tP\tQ\t1\toff\nwg1\tA\t(none)\t(none)\t(none)\t0\t0\t0\toff",
            "wg0\tP\tQ\t1\toff\nwg0\tA\t(none)\t(none)\t(none)\t-1\t0\t0\toff", "\t\t\t",
            "wg0\tP\tQ\t1\toff\tid\tmore", "wg0\u{1b}[2J\tP\tQ\t1\toff", "wg0\u{9b}\tP\tQ\t1\toff",
        ]
    )
    func refusing(text: String) {
        #expect(StatusDump(text) == nil)
    }
}

@Suite("The answers of several processes")
struct StatusAnswersTests {
    private static func dump(_ name: String) -> String {
        "\(name)\tPRIVATE\tPUBLIC\t51820\toff\n\(name)\tA\t(none)\t(none)\t(none)\t0\t0\t0\toff\n"
    }

    @Test(
        "a status socket that cannot be read is named, and the interfaces of the others are shown"
    )
    func unreadable() {
        let answers = StatusClient.answers([
            (7, Self.dump("wg0")), (8, Self.dump("tab\tin it")), (9, Self.dump("wg1")), (10, ""),
        ])
        #expect(answers.dump.interfaces.map(\.name) == ["wg0", "wg1"])
        #expect(answers.unreadable == [8])
    }

    @Test("interfaces of one name are told apart by their processes, and others keep their names")
    func oneName() {
        let answers = StatusClient.answers([
            (7, Self.dump("wg0")), (8, Self.dump("wg0")), (9, Self.dump("wg1")),
        ])
        #expect(answers.dump.interfaces.map(\.name) == ["wg0@7", "wg0@8", "wg1"])
        #expect(StatusDump(StatusColumn.dump.text(of: answers.dump)) == answers.dump)
    }

    @Test("gateways of one name are told apart by their ids, also those of one process")
    func oneNameWithIDs() {
        let gateways = ["A", "B"].map { "office\tPRIVATE\tPUBLIC\t5000\toff\t\($0)\n" }.joined()
        let answers = StatusClient.answers([(7, gateways), (8, Self.dump("office"))])
        #expect(answers.dump.interfaces.map(\.name) == ["office@A", "office@B", "office@8"])
    }
}

@Suite("The page of wg show")
struct StatusPageTests {
    @Test(
        "the page of wgw show has wg's words and layout, hides secrets, and lists recent peers first"
    )
    func golden() throws {
        var dump = try #require(StatusDumpTests.example)
        dump.interfaces[0].peers.reverse()
        let page = StatusPage(now: 1_700_000_063).text(dump)
        #expect(
            page == """
                interface: wg0
                  public key: PUBLIC
                  private key: (hidden)
                  listening port: 51820

                peer: A
                  preshared key: (hidden)
                  endpoint: 192.0.2.1:1000
                  allowed ips: 10.0.0.2/32, fd00::2/128
                  latest handshake: 1 minute, 3 seconds ago
                  transfer: 1.24 KiB received, 3.04 KiB sent
                  persistent keepalive: every 25 seconds

                peer: B
                  allowed ips: (none)

                interface: wg1
                  public key: PUBLIC2
                  private key: (hidden)
                  listening port: 51821

                """
        )
    }

    @Test(
        "the page of wgw show tells times as wg does",
        arguments: [
            (0, "Now"), (1, "1 second ago"), (60, "1 minute ago"),
            (3_661, "1 hour, 1 minute, 1 second ago"),
            (2 * 86_400 + 3, "2 days, 3 seconds ago"), (366 * 86_400, "1 year, 1 day ago"),
        ] as [(UInt64, String)]
    )
    func times(seconds: UInt64, words: String) throws {
        var dump = try #require(StatusDumpTests.example)
        dump.interfaces[0].peers[0].latestHandshake = 1_700_000_000
        let page = StatusPage(now: 1_700_000_000 + seconds).text(dump)
        #expect(page.contains("  latest handshake: \(words)\n"))
    }

    @Test(
        "the page of wgw show tells bytes as wg does",
        arguments: [
            (5, "5 B"), (1_023, "1023 B"), (1_024, "1.00 KiB"), (449_678_772, "428.85 MiB"),
            (3 << 30, "3.00 GiB"), (5 << 40, "5.00 TiB"),
        ] as [(UInt64, String)]
    )
    func bytes(count: UInt64, words: String) throws {
        var dump = try #require(StatusDumpTests.example)
        dump.interfaces[0].peers[0].receivedBytes = count
        #expect(StatusPage(now: 1).text(dump).contains("  transfer: \(words) received"))
    }
}
