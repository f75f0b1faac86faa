/// What is to be done in memory once a transaction is committed, and not at all if it is rolled back.
final class CommitActions {
    private(set) var all: [@Sendable () -> Void] = []

    func add(_ action: @escaping @Sendable () -> Void) { all.append(action) }
}
