import Foundation
import Testing

/// What an operator sees whose hub or load generator cannot start: one sentence, and a status.
struct HubStartUpTests {
    @Test(
        "a config file with a mistake starts nothing, and the sentence has its line",
        arguments: [
            ("[Interface]\nListenPort = 0\n", ":1: this [Interface] has no PrivateKey"),
            ("[Interface]\nPrivateKey = short\n", ":2: PrivateKey: expected a key"),
            ("[Interface]\nMTU = 9\n", ":2: MTU: expected a number from 576"),
            ("", ": there is no [Interface] section"),
        ]
    )
    func mistake(text: String, sentence: String) throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "wgw-\(UUID().uuidString).conf")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let end = try Command.run(WGWServer.binary.path, "hub", file.path)
        #expect(end.status == 1)
        #expect(end.lines.count == 1, "\(end.output)")
        #expect(end.output.contains(file.path + sentence), "\(end.output)")
    }

    @Test("a file that is not there is named")
    func missing() throws {
        let end = try Command.run(WGWServer.binary.path, "hub", "/nonexistent/wg0.conf")
        #expect(end.status == 1)
        #expect(end.output.contains("/nonexistent/wg0.conf: cannot be read"), "\(end.output)")
    }
}
