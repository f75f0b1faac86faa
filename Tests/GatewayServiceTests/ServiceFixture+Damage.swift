import GatewayStore
import ServiceTestSupport

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
}
