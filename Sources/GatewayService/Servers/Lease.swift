import GatewayDomain
import GatewayStore

/// The right to do something alone among the servers on a database, until some time. Its end is judged in transactions only,
/// by their time; a holder that is late has to ask for it again, and another one may have it by then.
struct Lease: Equatable, Sendable {
    let name: String
    let holder: ServerID
    /// Larger than that of each holder before: what an earlier one still writes is refused.
    let epoch: Int64
}

/// A server goes on with what another one does by now.
struct LeaseLost: Error {
    let name: String
}

extension Transaction {
    /// Takes a lease, or prolongs the server's own. Nil while another server has it.
    func lease(_ name: String, for server: ServerID, seconds: Int64) throws -> Lease? {
        let old = try Leases.find(name, db)
        let hasEnded = old.map { $0.endsAt <= time } ?? true
        let isOwn = old?.holder == server.text
        guard hasEnded || isOwn else { return nil }
        let epoch = old?.epoch ?? 0
        let lease = Lease(
            name: name,
            holder: server,
            epoch: hasEnded || !isOwn ? epoch + 1 : epoch
        )
        try put(lease, until: time.advanced(bySeconds: seconds))
        return lease
    }

    /// To be called in each transaction that writes what only the holder may write.
    ///
    /// - Throws: `LeaseLost`.
    func require(_ lease: Lease) throws {
        let stored = try Leases.find(lease.name, db)
        guard let stored, stored.holder == lease.holder.text, stored.epoch == lease.epoch,
            time < stored.endsAt
        else { throw LeaseLost(name: lease.name) }
    }

    /// The same in work that takes longer than a lease: it lasts `seconds` from now on.
    ///
    /// - Throws: `LeaseLost`.
    func renew(_ lease: Lease, seconds: Int64) throws {
        try require(lease)
        try put(lease, until: time.advanced(bySeconds: seconds))
    }

    /// Lets another server have it at once. The epoch stays.
    func resign(_ lease: Lease) throws {
        do {
            try require(lease)
        } catch is LeaseLost {
            return
        }
        try put(lease, until: time)
    }

    private func put(_ lease: Lease, until end: Timestamp) throws {
        try Leases.put(
            Leases.Lease(
                name: lease.name,
                holder: lease.holder.text,
                epoch: lease.epoch,
                endsAt: end
            ),
            db
        )
    }
}
