package import APIContract
import GatewayDomain

/// What of a list is asked for.
package struct ListQuery: Sendable {
    /// Names of members and the values that they have to have.
    package var filters: [(name: String, value: String)]

    /// Of the query, beside the filters.
    private let parameters: [(name: String, value: String)]

    package init(
        _ filters: [(name: String, value: String)] = [],
        parameters: [(name: String, value: String)] = []
    ) {
        self.filters = filters
        self.parameters = parameters
    }

    var filterParameters: [(name: String, value: String)] {
        parameters + filters.map { ("filter[\($0.name)]", $0.value) }
    }
}

/// The pages of a list. While one is worked on, the next is on its way: no more than two are in memory,
/// however long the list is.
package struct Pages<Object: APIObject>: AsyncSequence, Sendable {
    package typealias Element = [Decoded<Object.Members>]

    let client: GatewayClient
    let resource: Resource<Object>
    let queries: [ListQuery]

    package func makeAsyncIterator() -> PageIterator {
        PageIterator(pages: self)
    }

    /// One page, and which one follows.
    fileprivate struct Page: Sendable {
        let elements: Element
        let following: Place?
    }

    fileprivate struct Place: Sendable {
        var query: Int
        var number = 1
    }

    package final class PageIterator: AsyncIteratorProtocol {
        private let pages: Pages
        private var coming: Task<Page, any Error>?

        fileprivate init(pages: Pages) {
            self.pages = pages
            coming = pages.queries.isEmpty ? nil : Self.fetch(Place(query: 0), of: pages)
        }

        deinit { coming?.cancel() }

        package func next() async throws -> Element? {
            guard let current = coming else { return nil }
            let page = try await withTaskCancellationHandler {
                try await current.value
            } onCancel: {
                current.cancel()
            }
            coming = page.following.map { Self.fetch($0, of: pages) }
            return page.elements
        }

        private static func fetch(_ place: Place, of pages: Pages) -> Task<Page, any Error> {
            Task { try await pages.page(at: place) }
        }
    }

    private func page(at place: Place) async throws(ClientError) -> Page {
        let query =
            queries[place.query].filterParameters
            + [
                ("page[number]", "\(place.number)"),
                ("page[size]", "\(GatewayDomain.Page.sizes.upperBound)"),
            ]
        let json = try await client.send(APICall(.get, resource.path, query: query)).json()
        do throws(FieldProblem) {
            let (elements, meta) = try Envelope.list(of: Object.self, in: json)
            if let meta, meta.number < meta.totalPages {
                return Page(
                    elements: elements,
                    following: Place(query: place.query, number: place.number + 1)
                )
            }
            let next = place.query + 1
            return Page(
                elements: elements,
                following: next < queries.count ? Place(query: next) : nil
            )
        } catch {
            throw ClientError(error)
        }
    }
}
