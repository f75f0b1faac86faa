package import Logging
import Synchronization

/// The log lines of one test.
package final class CapturedLog: Sendable {
    private let stored = Mutex<[String]>([])

    package init() {}

    package var lines: [String] {
        stored.withLock { $0 }
    }

    package func handler() -> any LogHandler {
        Handler(log: self)
    }

    fileprivate func append(_ line: String) {
        stored.withLock { $0.append(line) }
    }
}

private struct Handler: LogHandler {
    let log: CapturedLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let fields = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        log.append("\(event.level) \(event.message) \(fields.joined(separator: " "))")
    }
}
