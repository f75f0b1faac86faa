import GatewayDomain

/// What an engine gives to the store: transactions, errors by the name of the broken constraint, and
/// revisions that are dense and in the order of the commits.
protocol DatabaseEngine: Sendable {
    /// One snapshot for the whole body, which waits for no writer.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value

    /// For reads that may take long: few of them run at a time, and never all readers there are.
    func readAside<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value

    /// One transaction, which sees all that was committed before, or is rolled back if `body` throws. An
    /// engine may run the body once more where the first transaction was lost before its commit.
    ///
    /// - Parameter committed: called after the commit and before the next transaction of this process.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value,
        committed: (@Sendable (Value) -> Void)?
    ) async throws -> Value

    /// The path of the copy that was made before the database was brought to this program's schema; nil for none.
    var snapshot: String? { get }
    /// How many transactions were refused, as too many waited.
    var refusedCount: Int { get }
    /// Trouble that is known without trying; nil for none.
    var trouble: StorageTrouble? { get }
    /// Whether an error says that nothing can be stored; nil for one about the statement.
    func trouble(of error: any Error) -> StorageTrouble?
    /// Whether only a probe can tell that a change fits.
    func mayLackRoom() -> Bool
    /// What can be done before a probe.
    func makeRoom(against trouble: StorageTrouble) async
    /// Regular work, to be called every second.
    func tidy() async
    /// Calls the observer when another server may have committed something.
    func onHint(_ observer: @escaping @Sendable () -> Void)
    /// Calls `body` once where a pooler is found on the way to the database, through which no hints come.
    func onPooler(_ body: @escaping @Sendable () -> Void)
    /// Takes in that a revision was committed, by this process or another one.
    func note(_ revision: CommittedRevision)
    /// Calls `body` each time that this process finds that the database may have lost what was committed.
    func onLoss(_ body: @escaping @Sendable () -> Void)
    /// To be called when nothing is written any more, before the last reference goes.
    func end()
}

/// Of an engine whose database no other server has open.
extension DatabaseEngine {
    var refusedCount: Int { 0 }
    func onHint(_ observer: @escaping @Sendable () -> Void) {}
    func onPooler(_ body: @escaping @Sendable () -> Void) {}
    func note(_ revision: CommittedRevision) {}
    func onLoss(_ body: @escaping @Sendable () -> Void) {}
}
