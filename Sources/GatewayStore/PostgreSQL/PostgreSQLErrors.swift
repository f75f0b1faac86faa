import GatewayDomain

extension StoreError {
    /// - Parameters:
    ///   - state: of appendix A of PostgreSQL's documentation.
    ///   - message: without the values of the statement, but for those of class 22.
    init(state: String, message: String, constraint: String?) {
        switch (state, state.prefix(2)) {
        case ("23505", _), ("23514", _):
            self = .violated(Constraint(rawValue: constraint ?? ""))
        case ("23503", _): self = .violated(.foreignKey)
        // The server stops, was stopped, or takes no more connections; the transaction was ended by it.
        case (_, "57"), (_, "08"), ("25P03", _):
            self = .unreachable("the server ended the connection")
        case ("25006", _): self = .databaseReadOnly
        case ("55P03", _), ("40P01", _): self = .databaseBusy
        case (_, "53"): self = .databaseFull
        case (_, "22"): self = .databaseFailed(state: state, message: "a value was refused")
        default: self = .databaseFailed(state: state, message: message)
        }
    }

    /// - Parameter text: what libpq says of a connection that it could not make. It holds no password.
    init(connecting text: String) {
        let line = text.split(separator: "\n").last.map(String.init) ?? text
        let said = line.firstRange(of: "FATAL:  ").map { String(line[$0.upperBound...]) } ?? line
        self = .unreachable(said)
    }
}

extension StorageTrouble {
    /// Nil for an error that is not about the server, such as a broken constraint.
    init?(postgreSQL error: any Error) {
        switch error {
        case let trouble as StorageTrouble: self = trouble
        case StoreError.unreachable: self = .unreachable
        case StoreError.databaseReadOnly: self = .standby
        case StoreError.databaseBusy: self = .busy
        case StoreError.databaseFull: self = .serverFull
        default: return nil
        }
    }
}
