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

    /// The lists that may have an object of this name.
    static func queries(forName name: String) -> [ListQuery]
}

extension NamedNoun {
    static func queries(forName name: String) -> [ListQuery] { [ListQuery()] }

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
        var names = NearestName(to: text)
        for try await page in client.pages(of: resource, queries(forName: text)) {
            for answer in page {
                guard let name = name(of: answer) else { continue }
                if name == text { found.append(answer) } else { names.consider(name) }
            }
            guard found.count <= mostListed else { break }
        }
        switch found.count {
        case 1:
            return found[0]
        case 0:
            let advice =
                names.nearest.map { "'\($0)' is the nearest" } ?? "wgw \(word) list shows all"
            throw CommandFailure(
                "there is no \(word) named '\(text.withoutControls)'; \(advice)",
                .notFound
            )
        default:
            let ids = found.prefix(mostListed).map(id).joined(separator: ", ")
            let more = found.count > mostListed ? " and others" : ""
            throw CommandFailure(
                "several are named '\(text.withoutControls)'; give the id of one \(word): \(ids)\(more)",
                .conflict
            )
        }
    }

    private static var mostListed: Int { 10 }
}

/// Looks for a name that is nearly the one that was asked for, in a list of any length.
private struct NearestName {
    /// Comparing takes some microseconds: of a long list only a part is compared.
    private static let mostCompared = 2_000

    private let wanted: String
    private var seen: [String] = []

    init(to wanted: String) {
        self.wanted = wanted
    }

    mutating func consider(_ name: String) {
        if seen.count < Self.mostCompared { seen.append(name) }
    }

    var nearest: String? { NearestWord.to(wanted, among: seen)?.withoutControls }
}
