import APIContract
import GatewayDomain
import HTTPTypes
import Hummingbird

/// Existing clients spell filters `filter[…]` and `filters[…]`; both are understood everywhere.
/// A filter that no list knows is ignored.
extension Query {
    func filter(_ member: Member<some Sendable>) throws -> String? {
        try filter(member.name)
    }

    func filter(_ key: String) throws -> String? {
        try filters("[\(key)]").last?.text
    }

    /// `filter[name][contains]`.
    func partFilter(_ member: Member<String>) throws -> String? {
        try searchFilter("\(member.name)][contains")
    }

    /// A text to look for; nil for an empty one, which is in everything.
    func searchFilter(_ key: String) throws -> String? {
        guard let filter = try filters("[\(key)]").last, !filter.text.isEmpty else { return nil }
        // A longer one is in no name, and SQLite refuses patterns of some length.
        guard filter.text.unicodeScalars.count <= ObjectName.maximumLength else {
            throw Problem.filter(
                filter.parameter,
                "'\(filter.parameter)' must have \(ObjectName.maximumLength) characters at most."
            )
        }
        // No name has one, and it would end SQLite's pattern.
        guard !filter.text.unicodeScalars.contains("\0") else {
            throw Problem.filter(
                filter.parameter,
                "'\(filter.parameter)' must not have the character U+0000."
            )
        }
        return filter.text
    }

    /// Some ids with commas between them.
    func identifiersFilter<Kind>(_ key: String, atMost limit: Int) throws -> [Identifier<Kind>]? {
        guard let filter = try filters("[\(key)]").last else { return nil }
        let texts = filter.text.split(
            separator: ",",
            maxSplits: limit,
            omittingEmptySubsequences: false
        )
        let ids = texts.compactMap { Identifier<Kind>(String($0)) }
        guard ids.count == texts.count, ids.count <= limit else {
            throw Problem.filter(
                filter.parameter,
                "'\(filter.parameter)' must be 1 to \(limit) UUIDs with commas between them."
            )
        }
        return ids
    }

    func identifierFilter<Kind>(_ member: Member<Identifier<Kind>>) throws -> Identifier<Kind>? {
        guard let filter = try filters("[\(member.name)]").last else { return nil }
        guard let id = Identifier<Kind>(filter.text) else {
            throw Problem.filter(filter.parameter, "'\(filter.parameter)' must be a UUID.")
        }
        return id
    }

    /// One of the words of a list.
    func wordFilter<Word: RawRepresentable<String> & CaseIterable>(
        _ member: Member<Word>
    ) throws -> Word? {
        try wordFilter(member.name)
    }

    func wordFilter<Word: RawRepresentable<String> & CaseIterable>(
        _ key: String
    ) throws -> Word? {
        guard let filter = try filters("[\(key)]").last else { return nil }
        guard let word = Word(rawValue: filter.text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.filter(
                filter.parameter,
                "'\(filter.parameter)' must be one of \(known)."
            )
        }
        return word
    }

    /// `filter[occurred_at][gte]` and the like.
    func timeFilter(_ member: Member<Timestamp>, _ bound: TimeBound) throws -> Timestamp? {
        guard
            let filter = try filters("[\(member.name)][\(bound.rawValue)]").last
        else { return nil }
        guard let time = Timestamp(filter.text) else {
            throw Problem.filter(
                filter.parameter,
                "'\(filter.parameter)' must be a time like 2026-01-31T12:00:00Z (RFC 3339), the + of"
                    + " an offset written as %2B."
            )
        }
        return time
    }

    func filters(_ brackets: String) throws -> [(parameter: String, text: String)] {
        try ["filter", "filters"].compactMap { word in
            let parameter = word + brackets
            switch self[parameter] {
            case nil:
                return nil
            case .undecodable:
                throw Problem.filter(
                    parameter,
                    "'\(parameter)' is not percent-encoded UTF-8 text without U+0000."
                )
            case .text(let text):
                return (parameter, text)
            }
        }
    }
}
