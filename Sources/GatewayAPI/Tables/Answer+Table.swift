import HummingbirdCore
import NIOCore

extension Answer {
    /// A table as CSV, of which a part at a time is in memory.
    ///
    /// - Parameter parts: writes the rows, some at a time.
    static func table(
        _ columns: [String],
        _ parts:
            @escaping @Sendable (_ write: (_ rows: [[String]]) async throws -> Void)
            async throws -> Void
    ) -> Answer {
        Answer(mediaType: "text/csv; charset=utf-8; header=present") { writer in
            try await writer.write(ByteBuffer(string: CSVText.line(columns)))
            try await parts { rows in
                try await writer.write(ByteBuffer(string: rows.map(CSVText.line).joined()))
            }
            try await writer.finish(nil)
        }
    }
}
