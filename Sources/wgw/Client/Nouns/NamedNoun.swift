import APIContract
import CommandLineProgram
import GatewayClient
import GatewayDomain
import Spelling

/// A kind of object that a command finds by its name or its id.
protocol NamedNoun: Noun {
    associatedtype Kind

    /// What `delete` does, for its help text.
    static var deletion: String { get }

    /// What goes with an object that is deleted, like `its 6 peers`; nil where nothing does.
    static func company(of answer: Answer) -> String?

    /// What still needs each of the objects, for a person who is about to delete them: `gateway 'berlin' leads to
    /// it`; nil where nothing does.
    static func uses(of answers: [Answer], _ client: GatewayClient) async throws -> [String?]

    /// The column that tells objects of one name apart.
    static var placeColumn: String? { get }

    /// The one object that a word of a command line means.
    static func find(_ text: String, _ client: GatewayClient) async throws -> Answer

    /// The lists that may have an object of this name.
    static func queries(forName name: String) -> [ListQuery]
}

extension NamedNoun {
    static func queries(forName name: String) -> [ListQuery] { [ListQuery()] }

    static func company(of answer: Answer) -> String? { nil }

    static func uses(of answers: [Answer], _ client: GatewayClient) async throws -> [String?] {
        answers.map { _ in nil }
    }

    static var placeColumn: String? { nil }

    /// The one object that a word of a command line means: an id, or a name that no other has.
    static func find(
        _ text: String,
        _ client: GatewayClient
    ) async throws -> Answer {
        if let id = Identifier<Kind>(text) {
            do throws(ClientError) {
                return try await client.get(resource, id)
            } catch {
                guard case .refused(let refusal) = error, refusal.status == 404 else { throw error }
                throw CommandFailure("there is no \(word) with the id \(id)", .notFound)
            }
        }
        var found: [Answer] = []
        for try await page in client.pages(of: resource, queries(forName: text)) {
            found += page.filter { name(of: $0) == text }
            guard found.count <= mostListed else { break }
        }
        switch found.count {
        case 1:
            return found[0]
        case 0:
            let nearest = try await nearestName(to: text, client)
            let advice = nearest.map { "'\($0)' is the nearest" } ?? "wgw \(word) list shows all"
            throw CommandFailure(
                "there is no \(word) named '\(text.withoutControls)'; \(advice)",
                .notFound
            )
        default:
            let ids = try await places(of: found.prefix(mostListed), client)
                .joined(separator: ", ")
            let more = found.count > mostListed ? " and others" : ""
            throw CommandFailure(
                "several are named '\(text.withoutControls)'; give the id of one \(word): \(ids)\(more)",
                .conflict
            )
        }
    }

    /// The id of each, and where it is.
    private static func places(
        of objects: some Collection<Answer>,
        _ client: GatewayClient
    ) async throws -> [String] {
        guard let column = columns.first(where: { $0.name == placeColumn }) else {
            return objects.map(id)
        }
        var names = try await NameBook.reading(column.needs, client)
        try await names.add(peers: [column].peers(namedIn: Array(objects)), client)
        return objects.map { object in
            "\(id(of: object)) (\(column.phrase) \(column.cell(object, names).text(at: nil)))"
        }
    }

    private static var mostListed: Int { 10 }

    /// Comparing takes some microseconds: of a long list only the beginning is compared.
    private static var mostCompared: Int { 2_000 }

    private static func nearestName(
        to text: String,
        _ client: GatewayClient
    ) async throws -> String? {
        var names: [String] = []
        for try await page in client.pages(of: resource) {
            names += page.compactMap(name)
            guard names.count < mostCompared else { break }
        }
        return NearestWord.to(text, among: names)?.withoutControls
    }
}
