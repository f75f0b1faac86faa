import APIContract
import HTTPTypes
import Hummingbird

extension Query {
    func flag(_ name: String, default fallback: Bool = false) throws -> Bool {
        switch self[name] {
        case nil: return fallback
        case .text("false"): return false
        case .text("true"): return true
        case .text, .undecodable:
            throw Problem.parameterType(name, "'\(name)' must be true or false.")
        }
    }

    /// One of a few words; nil where the parameter is left out.
    func word<Word: RawRepresentable<String> & CaseIterable>(_ name: String) throws -> Word? {
        guard let value = self[name] else { return nil }
        guard case .text(let text) = value, let word = Word(rawValue: text) else {
            throw Problem.unknownWord(name, Word.words)
        }
        return word
    }

    /// Some of a few words, with commas between them.
    func words<Word: RawRepresentable<String> & CaseIterable>(_ name: String) throws -> [Word] {
        guard let value = self[name] else { return [] }
        guard case .text(let text) = value else {
            throw Problem.unknownWord(name, Word.words)
        }
        return try text.split(separator: ",").map { part in
            guard let word = Word(rawValue: String(part)) else {
                throw Problem.unknownWord(name, Word.words)
            }
            return word
        }
    }
}

extension Problem {
    static func unknownWord(_ parameter: String, _ words: [String]) -> Problem {
        Problem(
            .unprocessableContent,
            .enumeratedValue,
            "'\(parameter)' must be one of \(words.joined(separator: ", ")).",
            .parameter(parameter)
        )
    }
}

extension CaseIterable where Self: RawRepresentable<String> {
    static var words: [String] { allCases.map(\.rawValue) }
}
