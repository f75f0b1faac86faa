import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import OpenAPI
import Synchronization

/// The reference of the API, which can be read without signing in.
struct DocsRoutes: Sendable {
    private let reference: LazyPage

    init(document: Document) {
        let json = document.json
        reference = LazyPage { Templates.text("docs", APIReference(json).values) }
    }

    var routes: [EdgeRoute] {
        [EdgeRoute(.get, "docs") { request, _ in try await reference.response(to: request) }]
    }
}

/// A page that is the same for every reader, written when the first one asks.
private final class LazyPage: Sendable {
    private static let work = LongWork()

    private let write: @Sendable () -> String
    private let page = Mutex<PackedBody?>(nil)

    init(_ write: @escaping @Sendable () -> String) {
        self.write = write
    }

    func response(to request: Request) async throws -> Response {
        try await body().page(for: request)
    }

    private func body() async throws -> PackedBody {
        if let page = page.withLock(\.self) { return page }
        return try await Self.work.perform {
            if let page = page.withLock(\.self) { return page }
            let written = PackedBody(Array(write().utf8))
            page.withLock { $0 = written }
            return written
        }
    }
}
