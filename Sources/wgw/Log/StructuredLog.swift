import CommandLineProgram
import GatewayDomain
import GatewayService
import Logging

/// One line per event on standard error: `time level message key=value …`.
struct StructuredLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    /// How long a stopping process waits for its last lines to be written.
    static let lastPatience = Duration.seconds(1)

    private let writer: LineWriter

    init(level: Logger.Level, writer: LineWriter) {
        logLevel = level
        self.writer = writer
    }

    /// Writes to standard error. Event loops and worker threads log, and must not wait for a reader.
    static func standardErrorWriter() throws -> LineWriter {
        try LineWriter(to: .standardError) { lines, reason in
            let event = LogEvent(
                level: .warning,
                message: "lines of the log were not written",
                metadata: nil,
                source: nil,
                file: #fileID,
                function: #function,
                line: #line
            )
            return line(
                for: event,
                metadata: ["lines": "\(lines)", "reason": "\(reason)"],
                at: .now()
            )
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        writer.write(Self.line(for: event, metadata: merged(with: event), at: .now()))
    }

    static func line(
        for event: LogEvent,
        metadata: Logger.Metadata,
        at time: Timestamp
    ) -> String {
        var line = ""
        line.reserveCapacity(256)
        line += time.description
        line += " "
        line += event.level.rawValue
        line += " "
        line += event.message.description.escaped
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " "
            line += key
            line += "="
            line += value.description.quotedWhereNeeded
        }
        if let error = event.error { line += " error=\("\(error)".quotedWhereNeeded)" }
        return line + "\n"
    }

    private func merged(with event: LogEvent) -> Logger.Metadata {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        return all
    }
}

extension String {
    /// Without the characters that could end the line or move the reader's cursor.
    fileprivate var escaped: String {
        guard utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            text +=
                scalar.value < 0x20 || scalar.value == 0x7f
                ? scalar.escaped(asASCII: false) : String(scalar)
        }
    }

    /// In quotes, unless it is one word.
    fileprivate var quotedWhereNeeded: String {
        let isWord =
            !isEmpty
            && utf8.allSatisfy {
                $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=")
                    && $0 != UInt8(ascii: "\\")
            }
        guard !isWord else { return self }
        let inner = replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(inner.escaped)\""
    }
}
