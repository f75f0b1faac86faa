import GatewayDomain
import JSON
import OpenAPI

extension Codec<String> {
    static var text: Codec { .text(example: nil) }

    static func text(example: String?) -> Codec {
        .string(
            { .string($0, example: example.map { .string($0) }) },
            write: { $0 },
            read: { $0 }
        )
    }

    /// What people call an object: see `ObjectName` for its rules. Blanks around the name in a request
    /// are dropped.
    static var name: Codec {
        .string(
            Schema.name,
            write: { $0 },
            read: { $0 }
        ) { (text) throws(FieldProblem.Reason) in
            switch ObjectName.check(text) {
            case .success(let name):
                return name
            case .failure(.empty):
                throw .tooShort(minimum: 1)
            case .failure(.tooLong):
                throw .tooLong(maximum: ObjectName.maximumLength)
            case .failure(.controlCharacter):
                throw .invalid("must not contain control characters")
            case .failure(.hiddenCharacter(let scalar)):
                let code = String(scalar.value, radix: 16, uppercase: true)
                let digits = String(repeating: "0", count: max(4 - code.count, 0)) + code
                throw .invalid(
                    "must not contain U+\(digits), which hides or reorders text; leave it out"
                )
            }
        }
    }

    /// The name of a private service: see `ServiceName` for its rule.
    static var serviceName: Codec {
        .string(
            { .string($0, example: "sip") },
            write: { $0 },
            read: { $0 }
        ) { (text) throws(FieldProblem.Reason) in
            guard ServiceName.isWellFormed(text) else {
                throw .invalid(
                    """
                    must be 1 to \(ServiceName.maximumLength) letters, digits, hyphens, underscores and dots, \
                    the first a letter or a digit
                    """
                )
            }
            return text
        }
    }

    static var regionCode: Codec {
        .string({ .string($0, example: "ashburn-va") }, write: { $0 }, read: { $0 }) {
            (text) throws(FieldProblem.Reason) in
            guard Region.isCode(text) else {
                throw .invalid("must be 1 to 63 of a-z, 0-9 and '-', like ashburn-va")
            }
            return text
        }
    }

    /// Of a site or a data centre.
    static var placeCode: Codec {
        .string({ .string($0, example: "IAD") }, write: { $0 }, read: { $0 }) {
            (text) throws(FieldProblem.Reason) in
            guard text.utf8.count <= Region.Place.maximumLength,
                text.wholeMatch(of: /[A-Za-z0-9-]+/) != nil
            else {
                throw .invalid(
                    "must be 1 to \(Region.Place.maximumLength) of A-Z, a-z, 0-9 and '-', like IAD"
                )
            }
            return text
        }
    }

    /// An id of an object whose kind another member tells.
    static var anyID: Codec {
        .string(Schema.id, write: { $0 }, read: { $0 })
    }

    /// One of these words, and of those that a later server adds.
    static func text(oneOf words: [String]) -> Codec {
        .string({ .word($0, words) }, write: { $0 }, read: { $0 })
    }

    static func oneOf(_ words: [String]) -> Codec {
        .string({ .word($0, words) }, write: { $0 }) { (text) throws(FieldProblem.Reason) in
            guard words.contains(text) else { throw .unknownWord(words) }
            return text
        }
    }
}

extension Codec where Value: CaseIterable & RawRepresentable<String> {
    /// One of a few words.
    static var word: Codec {
        let words = Value.allCases.map(\.rawValue)
        return .string({ .word($0, words) }, write: \.rawValue) {
            (text) throws(FieldProblem.Reason) in
            guard let value = Value(rawValue: text) else { throw .unknownWord(words) }
            return value
        }
    }
}

extension Codec {
    /// A malformed id is reported like one that names nothing: neither exists.
    static func id<Kind>() -> Codec where Value == Identifier<Kind> {
        .string(Schema.id, write: \.description) { (text) throws(FieldProblem.Reason) in
            guard let id = Identifier<Kind>(text) else { throw .unknownAssociation }
            return id
        }
    }
}

extension Codec<Timestamp> {
    /// Read in any offset from UTC, and written in UTC.
    static var time: Codec {
        .string(Schema.time, write: \.description) { (text) throws(FieldProblem.Reason) in
            guard let time = Timestamp(text) else {
                throw .invalid("must be a time like 2027-01-31T12:00:00Z (RFC 3339)")
            }
            return time
        }
    }
}
