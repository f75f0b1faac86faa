import Glibc
import TestSupport

/// Echo requests, ten a second, from one client to another for as long as something happens that may disturb them.
final class EndlessPing {
    private let process: BackgroundProcess

    init(from member: Member, to address: String, _ world: World) throws {
        process = try world.background(
            ["ping", "-n", "-i", "0.1", address],
            on: member.host,
            name: "ping-\(address)"
        )
    }

    deinit { process.kill() }

    /// How many were answered until now.
    var received: Int { process.output.count(of: " bytes from ") }

    /// - Returns: how many were not answered, but for one that is under way; nil where ping does not say.
    func stop() async throws -> Int? {
        process.send(SIGINT)
        _ = try await process.waitForExit()
        let counts = process.output.firstMatch(of: /(\d+) packets transmitted, (\d+) received/)
        guard let counts, let sent = Int(counts.1), let received = Int(counts.2), received > 0
        else { return nil }
        return max(sent - received - 1, 0)
    }
}

extension String {
    fileprivate func count(of word: String) -> Int { ranges(of: word).count }
}
