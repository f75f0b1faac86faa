package import GatewayDomain
package import JSON
import OpenAPI

/// What stands around the objects of an answer: `data`, with `meta` for the page of a list, or
/// `errors`.
package enum Envelope {
    private static let data = "data"
    private static let meta = "meta"
    private static let errors = "errors"
    private static let (dataName, metaName) = (JSONName(data), JSONName(meta))

    package static func object(_ object: some JSONWritable) -> [UInt8] {
        text { json in
            json.member(dataName)
            object.write(to: &json)
        }
    }

    /// - Parameter page: nil for a list that has no pages.
    package static func list(
        _ elements: some Sequence<some JSONWritable>,
        _ page: PageMeta? = nil
    ) -> [UInt8] {
        text { json in
            json.member(dataName)
            json.array(elements)
            guard let page else { return }
            json.member(metaName)
            page.write(to: &json)
        }
    }

    private static func text(_ writeMembers: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.object(writeMembers)
        return json.bytes
    }

    package static func errors(_ entries: [ErrorEntry]) -> JSONValue {
        [errors: .array(entries.map(\.json))]
    }
}

// What a client reads.
extension Envelope {
    package static func object<Object: APIObject>(
        _ type: Object.Type,
        in answer: JSONValue
    ) throws(FieldProblem) -> Decoded<Object.Members> {
        try Object.contract.decode(try member(data, of: answer), at: "/\(data)")
    }

    /// - Returns: the elements, and where their page stands; nil for a list that has no pages.
    package static func list<Object: APIObject>(
        of type: Object.Type,
        in answer: JSONValue
    ) throws(FieldProblem) -> (
        elements: [Decoded<Object.Members>], page: Decoded<PageMetaMembers>?
    ) {
        guard case .array(let array) = try member(data, of: answer) else {
            throw FieldProblem("/\(data)", .wrongType(expected: "array"))
        }
        var elements: [Decoded<Object.Members>] = []
        elements.reserveCapacity(array.count)
        for (index, element) in array.enumerated() {
            elements.append(try Object.contract.decode(element, at: "/\(data)/\(index)"))
        }
        guard case .object(let answer) = answer, let page = answer[meta] else {
            return (elements, nil)
        }
        return (elements, try PageMeta.contract.decode(page, at: "/\(meta)"))
    }

    /// Nil where the answer is not a refusal of this API.
    package static func errors(in answer: JSONValue) -> [Decoded<ErrorMembers>]? {
        guard case .object(let answer) = answer, case .array(let array) = answer[errors],
            !array.isEmpty
        else { return nil }
        do throws(FieldProblem) {
            var entries: [Decoded<ErrorMembers>] = []
            for entry in array { entries.append(try ErrorEntry.contract.decode(entry)) }
            return entries
        } catch {
            return nil
        }
    }

    private static func member(
        _ name: String,
        of answer: JSONValue
    ) throws(FieldProblem) -> JSONValue {
        guard case .object(let object) = answer else {
            throw FieldProblem("", .wrongType(expected: "object"))
        }
        guard let value = object[name] else { throw FieldProblem("/\(name)", .missing) }
        return value
    }
}

// The schema of a refusal.
extension Envelope {
    static let errorsName = "Errors"

    static let errorsSchema = Schema.object(
        "The body of a refusal: everything that is wrong with the request.",
        [
            errors: .array(
                "The list of what is wrong, which is never empty.",
                of: .named(ErrorEntry.contract.name)
            )
        ]
    )
}
