import APIContract
import GatewayDomain
import HTTPTypes
import Hummingbird

extension Query {
    /// `page[number]` and `page[size]`.
    func page() throws -> Page {
        var entries: [Problem.Entry] = []
        if self["page"] != nil {
            entries.append(
                Self.invalidPagination("page", "write it as page[number] and page[size]")
            )
        }
        let number = pageMember("number", Page.numbers, Page.first.number, &entries)
        let size = pageMember("size", Page.sizes, Page.first.size, &entries)
        guard entries.isEmpty, let page = Page(number: number, size: size) else {
            throw Problem(.unprocessableContent, entries)
        }
        return page
    }

    private func pageMember(
        _ member: String,
        _ bounds: ClosedRange<Int>,
        _ fallback: Int,
        _ entries: inout [Problem.Entry]
    ) -> Int {
        let parameter = "page[\(member)]"
        guard let value = self[parameter] else { return fallback }
        guard let number = value.integer, bounds.contains(number) else {
            let range = "must be a number from \(bounds.lowerBound) to \(bounds.upperBound)"
            entries.append(Self.invalidPagination(parameter, range))
            return fallback
        }
        return number
    }

    private static func invalidPagination(_ parameter: String, _ rest: String) -> Problem.Entry {
        Problem.Entry(
            .badRequest,
            title: "Invalid pagination",
            "'\(parameter)' is invalid: \(rest).",
            .parameter(parameter)
        )
    }
}
