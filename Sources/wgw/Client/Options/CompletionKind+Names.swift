import ArgumentParser
import GatewayClient

extension CompletionKind {
    /// The names of the objects that the server has now.
    static func names<N: NamedNoun>(of noun: N.Type) -> CompletionKind {
        .custom { words, _, prefix in await ObjectNames.of(noun, in: words, from: prefix) }
    }
}

/// Names of live objects, for a shell that completes a command line.
enum ObjectNames {
    /// A person does not look through more.
    private static let most = 200
    /// A shell waits for it at every key.
    private static let timeLimit = Duration.seconds(2)

    /// None where the server cannot be asked: a completion has no place for an error.
    static func of<N: NamedNoun>(
        _ noun: N.Type,
        in words: [String],
        from prefix: String
    ) async -> [String] {
        let options = ServerOptions(beingTyped: words)
        let choice = try? ServerChoice(options, environment: .current)
        let found = try? await choice?.withClient(timeLimit: timeLimit) { client in
            var names: [String] = []
            for try await page in client.pages(of: N.resource) {
                names += page.compactMap(N.name).filter { $0.hasPrefix(prefix) }
                if names.count >= most { break }
            }
            return names
        }
        return (found ?? []).prefix(most).filter(isHarmless)
    }

    /// A name with a blank in it would be completed as two words, and bash runs what stands in `$(…)`
    /// in a completion (`compgen -W`): a name that another user has given must not become a command.
    private static func isHarmless(_ name: String) -> Bool {
        name.allSatisfy { $0.isLetter || $0.isNumber || "-_./:@+".contains($0) }
    }
}
