import GatewayDomain

/// Refuses one object more than an organization may have.
enum Limit {
    /// `count` runs in the transaction that adds the object, and only if there is a limit.
    static func check(_ limit: Int?, of objects: String, _ count: () throws -> Int) throws {
        guard let limit, try count() >= limit else { return }
        throw ServiceError.limitReached(objects: objects, limit: limit)
    }
}
