package import Foundation
package import TestSupport

/// `wgw serve` and `wgw hub` as processes.
extension BackgroundProcess {
    /// Comes back when it is ready; throws what it logged where it ends instead.
    package static func ready(
        _ words: [String],
        logs folder: URL,
        name: String
    ) async throws -> BackgroundProcess {
        let process = try BackgroundProcess(words, logs: folder, name: name)
        try await process.waitUntilReady()
        return process
    }

    package var isReady: Bool { output.contains(Program.readyWords) }

    /// False where it ends instead, or never gets ready.
    package func becomesReady() async throws -> Bool {
        try await eventually { self.isReady || !self.isRunning } && isReady && isRunning
    }

    package func waitUntilReady() async throws {
        guard try await becomesReady() else {
            throw Command.Failure(description: "wgw did not get ready: \(errors)")
        }
    }

    /// Where it says that its API is, without `/v2`.
    package var base: URL? {
        output.firstMatch(of: /https?:\/\/[\d.]+:\d+/).flatMap { URL(string: String($0.0)) }
    }
}
