import NetAddress
import Synchronization
import SystemIO
import WireGuardEngine

/// Looks names up on threads of its own: a name server that does not answer holds up neither the
/// hub nor its stop.
final class NameLookups: Sendable {
    typealias Answer = Result<Endpoint, NameLookupError>

    private struct Work {
        var waiting: [String] = []
        var threads = 0
    }

    /// A name whose servers do not answer occupies a thread for ten seconds; other names go on.
    private static let maximumThreads = 4

    private let work = Mutex(Work())
    private let answer: @Sendable (String, Answer) -> Void

    /// - Parameter answer: called on a thread of this object.
    init(answer: @escaping @Sendable (_ name: String, Answer) -> Void) {
        self.answer = answer
    }

    func look(up names: [String]) {
        let starting = work.withLock { work in
            work.waiting += names
            let wanted = min(Self.maximumThreads, work.threads + names.count)
            defer { work.threads = wanted }
            return wanted - work.threads
        }
        for _ in 0..<starting { startThread() }
    }

    private func startThread() {
        do {
            try WorkerThread(named: "wgw-names", processor: nil) { [self] in
                while let name = next() { answer(name, Self.find(name)) }
            }.detach()
        } catch {
            // The system refused a thread: the names that wait fail now and are asked again later.
            let reason = "\(error)"
            while let name = next() { answer(name, .failure(NameLookupError(reason: reason))) }
        }
    }

    /// Nil ends the thread that asks.
    private func next() -> String? {
        work.withLock { work in
            if work.waiting.isEmpty {
                work.threads -= 1
                return nil
            }
            return work.waiting.removeFirst()
        }
    }

    private static func find(_ name: String) -> Answer {
        do throws(NameLookupError) {
            return .success(try NameLookup.endpoint(of: name))
        } catch {
            return .failure(error)
        }
    }
}
