import Foundation
import Testing

/// The words that the glossary of ARCHITECTURE.md replaced do not come back.
struct WordTests {
    struct Word: Sendable {
        let retired: String
        let instead: String
        /// The folders whose sources do without it.
        let folders: [String]

        init(_ retired: String, _ instead: String, in folders: [String] = ["Sources", "Tests"]) {
            self.retired = retired
            self.instead = instead
            self.folders = folders
        }
    }

    /// This file, in which all of them stand.
    private static let path = "Tests/RepositoryTests/WordTests.swift"

    /// Names of types, functions and values, as whole words of the code.
    private static let names = [
        Word("ReceiveRing", "ReceiveBuffers"),
        Word("HomeNotice", "OwnerNotice"),
        Word("isHome", "isOwner"),
        Word("homeID", "ownOrganizationID"),
        Word("home", "owner, idealSlot, or what it is"),
        Word("Quiescence", "EpochReclamation"),
        Word("quiescence", "reclamation"),
        Word("Presence", "Guard"),
        Word("SessionLane", "SessionShard"),
        Word("leadTransport", "steerTransport"),
        Word("Consequence", "Effects"),
        Word("consequence", "effects"),
        Word("hangups", "sighups"),
        Word("PeerDirectory", "ReportDirectory"),
        Word("restSeconds", "quarantineSeconds"),
        Word("restPerWrite", "pauseFactor"),
        Word("struct Server", "APIRouter, or which server"),
        Word("TokenBuckets", "RateLimiter"),
        Word("TellRate", "ReportRateLimit"),
        Word("Settlement", "IdempotencyKey"),
        // A simulation of the engine's tests settles.
        Word("settle", "recordResponse, or what is done", in: ["Sources"]),
        Word("AnswerOnce", "IdempotencyKey"),
        Word("GivenAnswer", "StoredResponse"),
        Word("KeptAnswers", "StoredResponses"),
        Word("RepeatableRequest", "IdempotencyKey"),
        Word("Turnstile", "AsyncSemaphore"),
        Word("CommitBell", "CommitSignal"),
        Word("rings", "commits"),
        Word("ForwardClock", "MonotonicWallClock"),
        Word("KnownKeys", "APIKeyCache"),
        Word("knownKeys", "the API key cache"),
        Word("RequestedPlace", "the reader of a region"),
        Word(
            "(Configuration|Status|Load|RememberedPeers)Problem",
            "an Error, as all errors are called"
        ),
        Word("longestWay", "the longest path"),
        Word("(let|var) way", "path, or defaultGateway"),
        // A coverage site has services.
        Word("(let|var) services", "controlPlane", in: ["Tests"]),
        Word("(let|var) bench", "fixture"),
    ]

    /// Words of comments and texts that hide what is meant.
    private static let phrases = [
        Word("nobody", "name who"),
        Word("somebody", "name who"),
        Word("anybody", "name who"),
        Word("whoever", "name who"),
        Word("so many", "name the number"),
        Word("(?<!there )(is|are) no(?! longer)", "is not a"),
    ]

    @Test("names that the glossary replaced are not used in the code")
    func retiredNames() throws {
        for folder in ["Sources", "Tests"] {
            let names = Self.names.filter { $0.folders.contains(folder) }
            for file in try Self.files(with: names, under: folder) where file.path != Self.path {
                for name in names {
                    let places = file.places(matching: "\\b\(name.retired)\\b")
                    #expect(places.isEmpty, "say: \(name.instead)")
                }
            }
        }
    }

    @Test("comments and texts name the thing instead of hiding it")
    func retiredPhrases() throws {
        for file in try Self.files(with: Self.phrases, under: "Sources") {
            for phrase in Self.phrases {
                let places = Self.places(of: phrase, in: file)
                #expect(places.isEmpty, "\(phrase.instead)")
            }
        }
    }

    @Test(
        "a phrase is found in comments and in texts, whatever its case",
        arguments: [
            ("/// Nobody reads it.", "nobody"), ("    // What somebody sent.", "somebody"),
            ("throw Failure(\"a key that is no peer\")", "(?<!there )(is|are) no(?! longer)"),
        ]
    )
    func phraseIsFound(line: String, phrase: String) {
        let word = Word(phrase, "")
        #expect(Self.places(of: word, in: SourceFile(path: "a", text: line)).count == 1)
    }

    @Test(
        "there is no objection to plain words",
        arguments: ["there is no session", "is no longer"]
    )
    func phraseIsNotFound(text: String) {
        for word in Self.phrases {
            #expect(Self.places(of: word, in: SourceFile(path: "a", text: "// \(text)")).isEmpty)
        }
    }

    /// The files in which one of the words may be: one look at each file for all words.
    private static func files(with words: [Word], under folder: String) throws -> [SourceFile] {
        let any = "(?i)\\b(\(words.map(\.retired).joined(separator: "|")))\\b"
        return try Repository.swiftFiles(under: folder)
            .filter { $0.text.range(of: any, options: .regularExpression) != nil }
    }

    private static func places(of word: Word, in file: SourceFile) -> [String] {
        let pattern = "(?i)\\b\(word.retired)\\b"
        guard file.text.range(of: pattern, options: .regularExpression) != nil else { return [] }
        return file.lines.indices
            .filter { file.lines[$0].range(of: pattern, options: .regularExpression) != nil }
            .map { "\(file.path):\($0 + 1): \(file.lines[$0])" }
    }
}
