import CPostgreSQL

/// The values of a statement as libpq takes them, in PostgreSQL's binary form.
struct PostgreSQLParameters {
    /// 0 for NULL, whose type the server finds by itself.
    let types: [Oid]
    /// The values one behind the other.
    private var bytes: [UInt8] = []
    /// Where each value begins; nil for NULL.
    private var starts: [Int?] = []
    private var lengths: [Int32] = []

    init(_ values: [SQLValue]) {
        types = values.map { value in
            switch value {
            case .null: 0
            case .integer: PostgreSQLAnswer.TypeNumber.int8
            case .text: PostgreSQLAnswer.TypeNumber.text
            case .bytes: PostgreSQLAnswer.TypeNumber.bytea
            }
        }
        for value in values {
            let start = bytes.count
            switch value {
            case .null: break
            case .integer(let number):
                withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
            case .text(let text): bytes += text.utf8
            case .bytes(let value): bytes += value
            }
            starts.append(value == .null ? nil : start)
            lengths.append(Int32(bytes.count - start))
        }
    }

    var count: Int32 { Int32(types.count) }

    func withPointers<Result>(
        _ body: (
            _ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32],
            _ count: Int32
        ) -> Result
    ) -> Result {
        // An empty text needs an address as well, or it would be NULL.
        (bytes + [0]).withUnsafeBytes { buffer in
            let base = buffer.bindMemory(to: CChar.self).baseAddress
            let values = starts.map { start in start.flatMap { base?.advanced(by: $0) } }
            return body(values, lengths, [Int32](repeating: 1, count: types.count), count)
        }
    }
}
