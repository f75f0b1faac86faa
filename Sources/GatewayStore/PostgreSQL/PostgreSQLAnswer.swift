import CPostgreSQL

/// What a statement has answered. Values come in PostgreSQL's binary form.
struct PostgreSQLAnswer {
    /// Numbers of types (catalog/pg_type.dat), which never change.
    enum TypeNumber {
        static let bool: Oid = 16
        static let bytea: Oid = 17
        static let int8: Oid = 20
        static let int2: Oid = 21
        static let int4: Oid = 23
        static let text: Oid = 25
    }

    let columns: ColumnNames
    let rows: [Row]
    /// How many rows were changed.
    let changed: Int

    /// - Parameter known: the names of the columns from an earlier run of the same statement.
    init(_ result: OpaquePointer, columns known: ColumnNames?) {
        let count = PQnfields(result)
        let columns =
            known
            ?? ColumnNames((0..<count).map { column in String(cString: PQfname(result, column)) })
        let types = (0..<count).map { PQftype(result, $0) }
        self.columns = columns
        rows = (0..<PQntuples(result)).map { row in
            Row(
                columns: columns,
                values: (0..<count).map { Self.value(result, row, $0, types[Int($0)]) }
            )
        }
        changed = Self.changed(result)
    }

    /// A SELECT has a number behind its name, too: that of the rows it gives.
    static func changed(_ result: OpaquePointer) -> Int {
        if String(cString: PQcmdStatus(result)).hasPrefix("SELECT") { return 0 }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    private static func value(
        _ result: OpaquePointer,
        _ row: Int32,
        _ column: Int32,
        _ type: Oid
    ) -> SQLValue {
        guard PQgetisnull(result, row, column) == 0 else { return .null }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, column),
            count: Int(PQgetlength(result, row, column))
        )
        switch (type, bytes.count) {
        case (TypeNumber.int8, 8):
            return .integer(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
        case (TypeNumber.int4, 4):
            return .integer(Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))))
        case (TypeNumber.int2, 2):
            return .integer(Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self))))
        // The schema keeps truth values as numbers, as SQLite does.
        case (TypeNumber.bool, 1): return .integer(bytes[0] == 0 ? 0 : 1)
        case (TypeNumber.bytea, _): return .bytes(Array(bytes))
        // Another type has no place in the schema: what reads it reports the column as unreadable.
        default: return .text(String(decoding: bytes, as: UTF8.self))
        }
    }
}
