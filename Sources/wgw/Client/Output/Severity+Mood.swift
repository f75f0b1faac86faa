import GatewayDomain

extension Severity {
    var mood: Cell.Mood {
        switch self {
        case .error: .bad
        case .warning: .waiting
        case .info: .plain
        case .ok: .good
        }
    }
}
