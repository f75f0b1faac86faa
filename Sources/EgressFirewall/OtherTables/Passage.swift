import JSON

/// The way of one packet through one chain, as far as it can be told without the kernel.
struct Passage {
    private let ruleset: Ruleset
    private let packet: ForwardedPacket
    /// Rules with jumps may be walked through more than once; no chain is worth more than this.
    private var remainingRules = 20_000
    /// A rule may have let the packet pass before it came to where it was dropped.
    private var mayHavePassed = false

    enum Result {
        case passes
        case mayBeDropped
        case isDropped
    }

    private enum Verdict {
        case accept
        case drop
        /// The rule behind the jump is next, or the policy of the chain.
        case goOn
    }

    /// The judgement of a chain of the forward hook.
    static func judge(
        _ packet: ForwardedPacket,
        in chain: Ruleset.Chain,
        of ruleset: Ruleset
    ) -> Result {
        var passage = Passage(ruleset: ruleset, packet: packet)
        let isDropped =
            switch passage.walk(chain, depth: 0) {
            case .accept: false
            case .drop: true
            case .goOn: chain.isDroppingByPolicy
            }
        guard isDropped else { return .passes }
        return passage.mayHavePassed ? .mayBeDropped : .isDropped
    }

    private init(ruleset: Ruleset, packet: ForwardedPacket) {
        self.ruleset = ruleset
        self.packet = packet
    }

    private mutating func walk(_ chain: Ruleset.Chain, depth: Int) -> Verdict {
        // The kernel allows sixteen jumps.
        guard depth <= 16 else { return .goOn }
        for rule in chain.rules {
            guard remainingRules > 0 else { return .accept }
            remainingRules -= 1
            var match = ForwardedPacket.Match.yes
            statements: for statement in rule {
                switch packet.matches(statement) {
                case .yes: break
                case .no:
                    match = .no
                    break statements
                case .unknown: match = .unknown
                }
            }
            guard match != .no else { continue }
            let (verdict, ends) = carryOut(rule, in: chain, depth: depth)
            if match == .unknown {
                if verdict == .accept { mayHavePassed = true }
                continue
            }
            if ends { return verdict }
        }
        return .goOn
    }

    /// What a rule says, and whether the chain ends with that.
    private mutating func carryOut(
        _ rule: [JSONObject],
        in chain: Ruleset.Chain,
        depth: Int
    ) -> (Verdict, ends: Bool) {
        for statement in rule {
            if let result = carryOut(statement, in: chain, depth: depth) { return result }
            guard case .object(let map) = statement["vmap"], let key = map["key"],
                case .object(let data) = map["data"], case .array(let elements) = data["set"]
            else { continue }
            for case .array(let element) in elements where element.count == 2 {
                guard case .object(let verdict) = element[1] else { continue }
                let match = packet.matches(key, element[0])
                guard match != .no, let result = carryOut(verdict, in: chain, depth: depth) else {
                    continue
                }
                if match == .yes { return result }
                if result.0 == .accept { mayHavePassed = true }
            }
        }
        return (.goOn, ends: false)
    }

    /// Nil where the statement is not a verdict.
    private mutating func carryOut(
        _ statement: JSONObject,
        in chain: Ruleset.Chain,
        depth: Int
    ) -> (Verdict, ends: Bool)? {
        if statement["accept"] != nil || statement["queue"] != nil { return (.accept, true) }
        if statement["drop"] != nil || statement["reject"] != nil { return (.drop, true) }
        if statement["return"] != nil { return (.goOn, true) }
        for (kind, isJump) in [("jump", true), ("goto", false)] {
            guard case .object(let target) = statement[kind], let name = target["target"]?.text,
                let next = ruleset.chain(name, besides: chain)
            else { continue }
            let verdict = walk(next, depth: depth + 1)
            return (verdict, ends: !isJump || verdict != .goOn)
        }
        return nil
    }
}
