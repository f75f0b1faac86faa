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
        guard let options = try? ServerOptions.parse(serverWords(words)) else { return [] }
        let found = try? await options.withClient(timeLimit: timeLimit) { client in
            var names: [String] = []
            for try await page in client.pages(of: N.resource) {
                names += page.compactMap(N.name).filter { $0.hasPrefix(prefix) }
                if names.count >= most { break }
            }
            return names
        }
        // A name with a blank in it would be completed as two words.
        return (found ?? []).prefix(most).filter { !$0.contains { $0.isWhitespace } }
    }

    /// Of a command line that is being typed, the options that say which server is meant.
    private static func serverWords(_ words: [String]) -> [String] {
        let options = ["--context", "--url", "--api-key-file", "--fingerprint"]
        return words.indices.flatMap { index -> [String] in
            guard options.contains(words[index]), index + 1 < words.count else { return [] }
            return [words[index], words[index + 1]]
        }
    }
}
