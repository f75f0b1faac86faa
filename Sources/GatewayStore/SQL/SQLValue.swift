/// What both engines can store.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

/// A type that is stored in one column.
package protocol SQLColumn {
    var sqlValue: SQLValue { get }

    /// Nil when the column holds something else.
    init?(sqlValue: SQLValue)

    /// Stands for a value that cannot be read, in an object that is about to be deleted. It must do
    /// no harm in the statements that delete the object.
    static var substitute: Self { get }
}

extension SQLColumn where Self: FixedWidthInteger {
    package var sqlValue: SQLValue {
        .integer(Int64(clamping: self))
    }

    package init?(sqlValue: SQLValue) {
        guard case .integer(let number) = sqlValue else { return nil }
        self.init(exactly: number)
    }
}

extension Int: SQLColumn {}
extension Int64: SQLColumn {}
extension UInt16: SQLColumn {}
extension UInt64: SQLColumn {}

extension Bool: SQLColumn {
    package var sqlValue: SQLValue {
        .integer(self ? 1 : 0)
    }

    package init?(sqlValue: SQLValue) {
        guard case .integer(let number) = sqlValue else { return nil }
        self = number != 0
    }
}

extension [UInt8]: SQLColumn {
    package var sqlValue: SQLValue {
        .bytes(self)
    }

    package init?(sqlValue: SQLValue) {
        guard case .bytes(let bytes) = sqlValue else { return nil }
        self = bytes
    }
}

extension String: SQLColumn {
    package var sqlValue: SQLValue {
        .text(self)
    }

    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self = text
    }
}
