import CommandLineProgram
import GatewayDomain

/// What stands in one place of a table: a value that a person reads in one form, and a program in another.
enum Cell {
    case none
    case text(String)
    case number(Int)
    /// Bytes that were carried.
    case bytes(UInt64)
    /// Bytes and bits per second that were given in powers of 1 000.
    case decimalBytes(UInt64)
    case rate(UInt64)
    case time(Timestamp)
    /// A word that says whether all is well.
    case state(String, Mood)

    enum Mood {
        case good, waiting, bad, plain
    }

    static func text(_ value: (some CustomStringConvertible)?) -> Cell {
        value.map { .text($0.description) } ?? .none
    }

    static func time(_ value: Timestamp?) -> Cell {
        guard let value else { return .none }
        return .time(value)
    }

    var isNumeric: Bool {
        switch self {
        case .number, .bytes, .decimalBytes, .rate: true
        default: false
        }
    }
}

extension Cell {
    /// For a table that is too wide otherwise.
    func shortText(at now: Timestamp) -> String {
        switch self {
        case .time(let time) where time <= now: ShortText.age(of: time, at: now)
        case .bytes(let bytes): ShortText.bytes(bytes)
        default: text(at: now)
        }
    }

    /// - Parameter now: nil for programs, which get times as RFC 3339 and counts of bytes in full.
    func text(at now: Timestamp?) -> String {
        switch self {
        case .none: "-"
        case .text(let text), .state(let text, _): text.withoutControls
        case .number(let number): "\(number)"
        case .bytes(let bytes): now == nil ? "\(bytes)" : HumanText.bytes(bytes)
        case .decimalBytes(let bytes): now == nil ? "\(bytes)" : Quantity.text(bytes, "B")
        case .rate(let rate): now == nil ? "\(rate)" : Quantity.text(rate, "bit/s")
        case .time(let time): now.map { HumanText.time(time, at: $0) } ?? "\(time)"
        }
    }
}
