import Foundation
import JSON
import Testing

/// Portals and generators print these texts one by one, far from each other.
@Suite("The texts of the OpenAPI document")
struct DocumentTextTests {
    @Test("every description and summary in openapi.json is a sentence of at least four words")
    func sentences() throws {
        let bad = try Self.texts().filter { text in
            text.words.count < 4 || text.words.first?.first?.isUppercase != true
                || !text.words.joined(separator: " ").hasSuffix(".")
        }
        #expect(bad.map(\.description) == [])
    }

    @Test("no two siblings in openapi.json have the same description")
    func siblings() throws {
        var repeated: [String] = []
        for (_, siblings) in Dictionary(grouping: try Self.texts(), by: \.group) {
            let same = Dictionary(grouping: siblings, by: \.words).values.filter { $0.count > 1 }
            repeated += same.joined().map(\.description)
        }
        #expect(repeated.sorted() == [])
    }

    private struct Text: CustomStringConvertible {
        let pointer: [String]
        let words: [Substring]

        var description: String {
            "/\(pointer.joined(separator: "/")): \(words.joined(separator: " "))"
        }

        /// What its siblings have, too: all operations are siblings, and the schema of a header stands
        /// for the header.
        var group: String {
            let owner = pointer.dropLast()
            let siblings =
                if pointer.first == "paths", pointer.count == 4 {
                    pointer.prefix(1)
                } else if pointer.dropFirst().first == "headers" {
                    pointer.prefix(2)
                } else {
                    owner.dropLast()
                }
            return (siblings + [pointer.last ?? ""]).joined(separator: "/")
        }
    }

    private static func texts() throws -> [Text] {
        let document = try JSONParser.parse(Array(try Data(contentsOf: DocumentTests.file)))
        var texts: [Text] = []
        collect(document, [], &texts)
        try #require(texts.count > 400)
        return texts
    }

    private static func collect(_ value: JSONValue, _ pointer: [String], _ texts: inout [Text]) {
        switch value {
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                collect(element, pointer + ["\(index)"], &texts)
            }
        case .object(let object):
            for member in object.members {
                let place = pointer + [member.name.replacing("/", with: "~1")]
                if case .string(let text) = member.value,
                    ["description", "summary"].contains(member.name)
                {
                    texts.append(Text(pointer: place, words: text.split { $0.isWhitespace }))
                }
                collect(member.value, place, &texts)
            }
        default: break
        }
    }
}
