import GatewayDomain
import Logging
import NodeProtocol
import Synchronization

/// What a node keeps to start alone, and to lose no count.
final class NodeFiles: Sendable {
    /// Of a hundred thousand peers.
    private static let longestFile = 64 << 20

    private let snapshot: SealedFile
    private let reports: SealedFile
    private let logger: Logger
    private let lastTrouble = Mutex<String?>(nil)

    init(in directory: NodeDirectory, of identity: NodeIdentity, logger: Logger) {
        snapshot = SealedFile(directory.snapshot, for: .snapshot, with: identity.privateKey)
        reports = SealedFile(directory.reports, for: .reports, with: identity.privateKey)
        self.logger = logger
    }

    /// Nil where there is none, or none that can be read: the server has all of it.
    func savedFeed() -> SavedFeed? {
        guard let bytes = try? snapshot.read(atMost: Self.longestFile) else { return nil }
        return try? SavedFeed(bytes)
    }

    /// A new one where there is none.
    func savedReports() -> SavedReports {
        if let bytes = try? reports.read(atMost: Self.longestFile),
            let saved = try? SavedReports(bytes)
        {
            return saved
        }
        let generation = Identifier<ReportSpool>.random().description
        return SavedReports(spool: ReportSpool(generation: generation))
    }

    /// - Parameter withReports: whether the reports are saved as well, which a connected node does with each.
    func save(_ feed: RemoteNodeFeed, withReports: Bool) {
        if withReports, feed.holdsCounters { saveReports(of: feed) }
        guard let unsaved = feed.takeUnsaved() else { return }
        let isSaved = attempt { try snapshot.write(try unsaved.written(), isDurable: true) }
        guard isSaved else {
            feed.noteUnsaved()
            return
        }
        feed.noteSaved()
        // What stands there of quotas is older now.
        saveReports(of: feed)
    }

    func saveReports(of feed: RemoteNodeFeed) {
        _ = attempt { try reports.write(feed.reports.written, isDurable: false) }
    }

    /// Trouble that lasts is told once.
    private func attempt(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            lastTrouble.withLock { $0 = nil }
            return true
        } catch {
            let reason = "\(error)"
            let isNew = lastTrouble.withLock { last in
                defer { last = reason }
                return last != reason
            }
            if isNew {
                logger.error(
                    "the node cannot keep what it would start from without its server",
                    metadata: ["reason": "\(reason)"]
                )
            }
            return false
        }
    }
}
