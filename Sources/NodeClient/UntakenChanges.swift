import NodeProtocol

/// Changes that the server has told, until the node has taken them.
struct UntakenChanges {
    /// What the node did not take yet is told as a snapshot when it is more than this.
    private static let most = 100_000

    private struct Batch {
        let number: Int64
        let changes: [NodeChange]
    }

    /// Batches are numbered here, in the order in which they came: revisions of another timeline say nothing
    /// about the ones before.
    private var number: Int64 = 0
    /// The first number that changes can be told behind.
    private var oldest: Int64 = 0
    private var batches: [Batch] = []
    private var count = 0
    /// What the node was told last, as a number and as the server's revision.
    private var told: (number: Int64, revision: Int64)?
    /// Up to which revision the node has carried everything out.
    private(set) var carriedRevision: Int64?

    /// - Parameter revision: the server's, of the snapshot.
    /// - Returns: the number of a snapshot that the node is told.
    mutating func numberOfSnapshot(at revision: Int64) -> Int64 {
        told = (number, revision)
        forgetAll()
        return number
    }

    /// Nil where the node has to take a snapshot.
    ///
    /// - Parameter revision: the server's, behind all changes.
    mutating func changes(after number: Int64, upTo revision: Int64) -> NodeChanges? {
        guard number >= oldest else { return nil }
        batches.removeAll { $0.number <= number }
        oldest = number
        count = batches.reduce(0) { $0 + $1.changes.count }
        told = (self.number, revision)
        return NodeChanges(revision: self.number, changes: batches.flatMap(\.changes))
    }

    /// - Parameter number: up to which the node has carried everything out.
    mutating func noteCarried(_ number: Int64) {
        if let told, told.number == number { carriedRevision = told.revision }
    }

    mutating func append(_ changes: [NodeChange]) {
        number += 1
        batches.append(Batch(number: number, changes: changes))
        count += changes.count
        if count > Self.most { forgetAll() }
    }

    /// What was told before says nothing about a snapshot of the server.
    mutating func noteSnapshot() {
        number += 1
        forgetAll()
    }

    /// Nothing has happened up to a revision of the server.
    mutating func noteNothing(upTo revision: Int64) {
        guard let told, told.number == number else { return }
        self.told = (told.number, revision)
        carriedRevision = carriedRevision.map { _ in revision }
    }

    private mutating func forgetAll() {
        batches = []
        count = 0
        oldest = number
    }
}
