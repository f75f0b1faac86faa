import APIContract
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

extension Word<Severity> {
    /// A word of a later server is shown without a colour.
    var mood: Cell.Mood { known?.mood ?? .plain }
}
