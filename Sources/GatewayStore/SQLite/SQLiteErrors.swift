import GRDB
import GatewayDomain

/// Runs calls of GRDB and turns its errors into `StoreError`.
func translatingErrors<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
    do {
        return try body()
    } catch let error as DatabaseError {
        throw StoreError(error)
    } catch let error as StoreError {
        throw error
    } catch is CancellationError {
        throw .failed(code: StoreError.cancelled, message: "the task was cancelled")
    } catch {
        throw .failed(code: 0, message: "unexpected error of type \(type(of: error))")
    }
}

extension StoreError {
    /// The code of a statement whose task was cancelled, for which GRDB has an error without a code.
    static let cancelled = Int(ResultCode.SQLITE_INTERRUPT.rawValue)

    init(_ error: DatabaseError) {
        let message = error.message ?? ""
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY:
            self = .violated(.unique(columns: Self.subject(of: message)))
        case .SQLITE_CONSTRAINT_CHECK:
            self = .violated(Constraint(rawValue: Self.subject(of: message)))
        case .SQLITE_CONSTRAINT_FOREIGNKEY:
            self = .violated(.foreignKey)
        default:
            self = .failed(code: Int(error.extendedResultCode.rawValue), message: message)
        }
    }

    /// The text behind the colon of `UNIQUE constraint failed: peer.gateway_id, peer.address`.
    private static func subject(of message: String) -> String {
        guard let colon = message.firstIndex(of: ":") else { return message }
        return String(message[message.index(after: colon)...].drop { $0 == " " })
    }
}

extension StorageTrouble {
    /// Nil for an error that is not about the files, such as a broken constraint.
    init?(cause: any Error) {
        let code: Int32
        switch cause {
        case let trouble as StorageTrouble:
            self = trouble
            return
        case let error as DatabaseError: code = error.extendedResultCode.rawValue
        case StoreError.failed(let number, _): code = Int32(truncatingIfNeeded: number)
        default: return nil
        }
        switch ResultCode(rawValue: code).primaryResultCode {
        case .SQLITE_FULL: self = .full
        case .SQLITE_READONLY: self = .readOnly
        case .SQLITE_BUSY: self = .busy
        case .SQLITE_IOERR, .SQLITE_CANTOPEN: self = .failing(code: Int(code))
        default: return nil
        }
    }
}

extension Constraint {
    /// SQLite reports the columns of a broken uniqueness. The name that PostgreSQL gives such a
    /// constraint is made of exactly these: `peer_gateway_id_address_key`.
    fileprivate static func unique(columns: String) -> Constraint {
        var parts: [Substring] = []
        for column in columns.split(separator: ",") {
            let names = column.drop { $0 == " " }.split(separator: ".")
            if parts.isEmpty { parts += names.prefix(1) }
            parts += names.dropFirst()
        }
        return Constraint(rawValue: parts.joined(separator: "_") + "_key")
    }
}
