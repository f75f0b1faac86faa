import GatewayDomain
import JSON

/// One of a few words, as a client reads it: a later server may have more of them.
package enum Word<Known: RawRepresentable<String> & Equatable & Sendable>: Equatable, Sendable {
    case known(Known)
    case other(String)

    init(_ text: String) {
        self = Known(rawValue: text).map { .known($0) } ?? .other(text)
    }

    package var text: String {
        switch self {
        case .known(let word): word.rawValue
        case .other(let text): text
        }
    }

    /// Nil for a word that this version does not know.
    package var known: Known? {
        guard case .known(let word) = self else { return nil }
        return word
    }

    package static func == (word: Word, known: Known) -> Bool { word == .known(known) }
    package static func != (word: Word, known: Known) -> Bool { !(word == known) }
}

extension AnswerMember {
    /// One of a few words; the schema lists those that this version knows.
    init<Known: CaseIterable>(word member: Member<Known>, _ path: Path<Known>)
    where Value == Word<Known> {
        let source = ValueSource(path)
        self.init(
            name: member.name,
            schema: member.schema,
            isOptional: false,
            isNullable: false,
            value: ValueSource { .known(source($0)) },
            encode: { member.codec.encode(source.read($0)) },
            decode: { (json, pointer) throws(FieldProblem) in
                switch json {
                case nil: throw FieldProblem(pointer, .missing)
                case .string(let text): return Word(text)
                default: throw FieldProblem(pointer, .wrongType(expected: "string"))
                }
            }
        )
    }
}
