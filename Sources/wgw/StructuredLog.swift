import GatewayDomain
import GatewayService
import Glibc
import Logging

/// One line per event on standard error: `time level message key=value …`.
struct StructuredLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(level: Logger.Level) {
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = Self.line(for: event, metadata: merged(with: event), at: .now())
        // One call per line, so that lines of several threads do not mix.
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    static func line(
        for event: LogEvent,
        metadata: Logger.Metadata,
        at time: Timestamp
    ) -> String {
        var line = "\(time) \(event.level) \(event.message.description.escaped)"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(value.description.quotedWhereNeeded)"
        }
        if let error = event.error { line += " error=\("\(error)".quotedWhereNeeded)" }
        return line + "\n"
    }

    private func merged(with event: LogEvent) -> Logger.Metadata {
        metadata
            .merging(metadataProvider?.get() ?? [:]) { $1 }
            .merging(event.metadata ?? [:]) { $1 }
    }
}

extension String {
    /// Without the characters that could end the line or move the reader's cursor.
    fileprivate var escaped: String {
        unicodeScalars.reduce(into: "") { text, scalar in
            text +=
                scalar.value < 0x20 || scalar.value == 0x7f
                ? scalar.escaped(asASCII: false) : String(scalar)
        }
    }

    /// As it is where that is one word, otherwise in quotes.
    fileprivate var quotedWhereNeeded: String {
        let isWord =
            !isEmpty
            && unicodeScalars.allSatisfy {
                $0.value > 0x20 && $0 != "\"" && $0 != "=" && $0 != "\\"
            }
        guard !isWord else { return escaped }
        let inner = replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(inner.escaped)\""
    }
}
