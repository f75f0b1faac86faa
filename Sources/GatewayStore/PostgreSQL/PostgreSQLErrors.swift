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
        // The time of a transaction's statement is up, or it was cancelled.
        case ("57014", _): self = .unreachable("the server has not answered in time")
        // The server stops, was stopped, or takes no more connections; the transaction was ended by it.
        case (_, "57"), (_, "08"), ("25P03", _):
            self = .unreachable("the server ended the connection")
        case ("25006", _): self = .databaseReadOnly
        case ("42501", _): self = .databaseForbidden(message)
        case ("55P03", _), ("40P01", _): self = .databaseBusy
        case (_, "53"): self = .databaseFull
        case (_, "22"): self = .databaseFailed(state: state, message: "a value was refused")
        default: self = .databaseFailed(state: state, message: message)
        }
    }

    /// - Parameter text: what libpq says of a connection that it could not make. It holds no password.
    init(connecting text: String) {
        let said = Self.reason(in: text)
        let isAboutOption = said.hasPrefix("invalid ") && said.contains("connection option")
        if isAboutOption || said.hasPrefix("missing ") {
            self = .badDatabaseURL
        } else if said.contains("read-only") || said.contains("hot standby")
            || said.contains("in recovery")
        {
            self = .databaseReadOnly
        } else {
            self = .unreachable(said + (Self.advice(against: said).map { "; " + $0 } ?? ""))
        }
    }

    /// The sentence that names what is wrong, of the last server that was tried, without the lines that explain it.
    private static func reason(in text: String) -> String {
        let explanations = ["\t", "DETAIL:", "HINT:", "password retrieved from file"]
        let lines = text.split(separator: "\n").filter { line in
            !explanations.contains { line.hasPrefix($0) }
        }
        let line = lines.last.map(String.init) ?? text
        return line.firstRange(of: "FATAL:  ").map { String(line[$0.upperBound...]) } ?? line
    }

    /// By PostgreSQL's words in English; a server that speaks another language is quoted only.
    private static func advice(against said: String) -> String? {
        if said.contains("password") {
            "put the right password into a file for this user alone and name that in PGPASSFILE"
        } else if said.contains("database"), said.contains("does not exist") {
            "make it: CREATE DATABASE … OWNER … ENCODING 'UTF8' TEMPLATE template0"
        } else if said.contains("role"), said.contains("does not exist") {
            "make it: CREATE ROLE … LOGIN"
        } else if said.contains("permission denied for database") {
            "let the user in: GRANT CONNECT ON DATABASE … TO …"
        } else if said.contains("no pg_hba.conf entry") {
            "let the user in by a line of the server's pg_hba.conf"
        } else if said.contains("certificate") {
            "name the file of the authority that signs the server's certificate as sslrootcert in the URL"
        } else if said.contains("connection to server"), said.contains("failed") {
            "see that the server runs, and that the URL has its host and port"
        } else {
            nil
        }
    }
}

extension StorageTrouble {
    /// Nil for an error that is not about the server, such as a broken constraint.
    init?(postgreSQL error: any Error) {
        switch error {
        case let trouble as StorageTrouble: self = trouble
        case StoreError.unreachable: self = .unreachable
        case StoreError.unconfirmed: self = .unconfirmed
        case StoreError.databaseReadOnly: self = .standby
        case StoreError.databaseBusy: self = .busy
        case StoreError.databaseFull: self = .serverFull
        case StoreError.newerVersion: self = .newerSchema
        default: return nil
        }
    }
}
