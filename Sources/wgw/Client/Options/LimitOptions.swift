import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// What `limit` sets.
struct LimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The largest rate from the peers, in bits per second: \(Quantity.rateForm), or none.",
            valueName: "rate"
        ),
        transform: { try .argument($0, Quantity.rate, Quantity.rateForm) }
    )
    var up: LimitValue<UInt64>?

    @Option(
        help: ArgumentHelp(
            "The largest rate to the peers, in the same form.",
            valueName: "rate"
        ),
        transform: { try .argument($0, Quantity.rate, Quantity.rateForm) }
    )
    var down: LimitValue<UInt64>?

    @Option(
        help: ArgumentHelp(
            """
            How much may be used in a month, both ways together: \(Quantity.sizeForm), or none. It blocks when it is used \
            up, unless --on-quota says otherwise.
            """,
            valueName: "size"
        ),
        transform: { try .argument($0, Quantity.size, Quantity.sizeForm) }
    )
    var quota: LimitValue<UInt64>?

    @Option(
        help: ArgumentHelp(
            "What happens when the quota is used up: block, warn, or throttle:RATE.",
            valueName: "action"
        )
    )
    var onQuota: QuotaAction?

    @Option(
        help: ArgumentHelp(
            "The day of the month with which the quota begins anew, in UTC, from 1 to 28.",
            valueName: "day"
        )
    )
    var resetDay: Int?

    @Option(
        help: ArgumentHelp(
            "How many peers of a gateway or an organization may be connected at a time, or none.",
            valueName: "count"
        ),
        transform: { try .argument($0, { Int($0) }, "a number") }
    )
    var connectedPeers: LimitValue<Int>?

    @Flag(name: .customLong("none"), help: "Take all limits away.") var none = false

    /// Whether there is anything to set.
    var sets: Bool {
        up != nil || down != nil || quota != nil || onQuota != nil || resetDay != nil
            || connectedPeers != nil
    }

    func validate() throws {
        if none, sets { throw ValidationError("--none takes no other limit") }
        if case .some(.unlimited) = quota, onQuota != nil || resetDay != nil {
            throw ValidationError("without a quota there is nothing for --on-quota and --reset-day")
        }
    }

    /// What the limits are to be, of what they were.
    func request(changing old: LimitsNoun.Answer?) throws(CommandFailure) -> NewLimits {
        var request = NewLimits()
        request.rxRate = Self.field(up, old?.rxRate)
        request.txRate = Self.field(down, old?.txRate)
        request.connectedPeers = Self.field(connectedPeers, old?.connectedPeers)
        let bytes = Self.field(quota, old?.quota?.bytes)
        if bytes.isUnsaid {
            guard onQuota == nil, resetDay == nil else {
                throw .usage("there is no quota yet: say how large it is, like --quota 10GB")
            }
            return request
        }
        var changed = NewQuota()
        changed.bytes = bytes
        if let onQuota {
            changed.action = .value(onQuota.kind)
            changed.throttleRate = Self.field(nil, onQuota.throttleRate)
        } else {
            changed.action = .value(old?.quota?.action.known ?? .block)
            changed.throttleRate = Self.field(nil, old?.quota?.throttleRate)
        }
        changed.resetDay = Self.field(nil, resetDay ?? old?.quota?.resetDay)
        request.quota = .value(changed)
        return request
    }

    private static func field<Value>(_ new: LimitValue<Value>?, _ old: Value?) -> Field<Value> {
        switch new {
        case .some(.value(let value)): .value(value)
        case .some(.unlimited): .absent
        case nil: old.map { .value($0) } ?? .absent
        }
    }
}

/// A limit, or that there is to be none.
enum LimitValue<Value: Sendable>: Sendable {
    case value(Value)
    case unlimited

    static func argument(
        _ text: String,
        _ read: (String) -> Value?,
        _ form: String
    ) throws -> LimitValue {
        if text == "none" { return .unlimited }
        guard let value = read(text) else { throw ValidationError("write \(form), or none") }
        return .value(value)
    }
}

/// `block`, `warn` or `throttle:1M`.
struct QuotaAction: ExpressibleByArgument {
    let kind: MonthlyQuota.Action.QuotaActionKind
    let throttleRate: UInt64?

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let word = parts.first,
            let kind = MonthlyQuota.Action.QuotaActionKind(rawValue: String(word))
        else { return nil }
        self.kind = kind
        throttleRate = parts.count > 1 ? Quantity.rate(String(parts[1])) : nil
        guard (kind == .throttle) == (throttleRate != nil), (parts.count > 1) == (kind == .throttle)
        else { return nil }
    }

    static let allValueStrings = ["block", "warn", "throttle:1M"]
}
