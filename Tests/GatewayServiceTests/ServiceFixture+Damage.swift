import GatewayDomain
import GatewayService
import GatewayStore
import ServiceTestSupport
import Testing

extension ServiceFixture {
    /// As a disk may, which no constraint of the schema keeps from it.
    func damage(
        _ table: String,
        _ id: some CustomStringConvertible & Sendable,
        _ column: String,
        _ value: String
    ) async throws {
        try await store.write { db in
            try db.executeScript("PRAGMA ignore_check_constraints = ON")
            try db.executeScript("UPDATE \(table) SET \(column) = \(value) WHERE id = '\(id)'")
        }
    }

    func expectDamaged(
        _ table: String,
        _ id: some CustomStringConvertible,
        _ column: String,
        _ body: () async throws -> Void
    ) async {
        await #expect(throws: ServiceError.damaged(table: table, id: "\(id)", column: column)) {
            try await body()
        }
    }

    func lastEntry(of id: String) async throws -> Event? {
        try await controlPlane.listEvents(
            filter: EventFilter(),
            page: .first,
            by: caller
        ).elements.last { $0.event.objectID == id }?.event
    }
}
