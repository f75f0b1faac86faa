package import APIContract
import GatewayDomain
import JSON

// What can be done with every kind of object. Answers are as their contracts have them: typed
// (`answer.publicKey`), and as the server wrote them (`answer.json`).
extension GatewayClient {
    /// Objects of a list, page by page. With several queries, their lists follow each other.
    package func pages<Object: APIObject>(
        of resource: Resource<Object>,
        _ queries: [ListQuery] = [ListQuery()]
    ) -> Pages<Object> {
        Pages(client: self, resource: resource, queries: queries)
    }

    /// A whole list, for one that a person keeps in mind: it is in memory at once.
    package func all<Object: APIObject>(
        _ resource: Resource<Object>,
        _ queries: [ListQuery] = [ListQuery()]
    ) async throws -> [Decoded<Object.Members>] {
        var all: [Decoded<Object.Members>] = []
        for try await page in pages(of: resource, queries) { all += page }
        return all
    }

    /// Who asks, as the server sees it.
    package func caller() async throws(ClientError) -> Decoded<CallerMembers> {
        try Self.object(CallerSummary.self, in: try await send(APICall(.get, "whoami")))
    }

    /// The lines of the table of a list, as RFC 4180 has it, in the order of the server's columns.
    package func table<Object: APIObject>(
        of resource: Resource<Object>,
        _ query: ListQuery
    ) async throws(ClientError) -> some AsyncSequence<[UInt8], any Error> {
        try await lines(of: APICall(.get, "\(resource.path).csv", query: query.filterParameters))
    }

    package func get<Object: APIObject>(
        _ resource: Resource<Object>,
        _ id: some CustomStringConvertible & Sendable
    ) async throws(ClientError) -> Decoded<Object.Members> {
        try Self.object(
            Object.self,
            in: try await send(APICall(.get, "\(resource.path)/\(id)"))
        )
    }

    /// Made once, however often the request has to be sent.
    ///
    /// - Parameter idempotencyKey: the name of the request, for one that a later run of the program sends
    ///   again; otherwise it gets a name of its own.
    package func create<Object: APIObject>(
        _ resource: Resource<Object>,
        _ request: some APIRequest,
        query: [(name: String, value: String)] = [],
        idempotencyKey: String = APICall.newIdempotencyKey()
    ) async throws(ClientError) -> Decoded<Object.Members> {
        var call = APICall(.post, resource.path, query: query, body: request.json)
        call.idempotencyKey = idempotencyKey
        return try Self.object(Object.self, in: try await send(call))
    }

    package func update<Object: APIObject>(
        _ resource: Resource<Object>,
        _ id: some CustomStringConvertible & Sendable,
        _ request: some APIRequest
    ) async throws(ClientError) -> Decoded<Object.Members> {
        let call = APICall(.patch, "\(resource.path)/\(id)", body: request.json)
        return try Self.object(Object.self, in: try await send(call))
    }

    /// Returns the object in its last state.
    package func delete<Object: APIObject>(
        _ resource: Resource<Object>,
        _ id: some CustomStringConvertible & Sendable
    ) async throws(ClientError) -> Decoded<Object.Members> {
        try Self.object(
            Object.self,
            in: try await send(APICall(.delete, "\(resource.path)/\(id)"))
        )
    }

    /// The object of an answer to any request that answers one.
    package static func object<Object: APIObject>(
        _ type: Object.Type,
        in response: APIResponse
    ) throws(ClientError) -> Decoded<Object.Members> {
        let json = try response.json()
        do throws(FieldProblem) {
            return try Envelope.object(type, in: json)
        } catch {
            throw ClientError(error)
        }
    }
}
