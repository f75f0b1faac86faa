import JSON

/// The chains of a ruleset as `nft -j list ruleset` has it, with the rules that iptables-nft made.
struct Ruleset {
    struct Chain {
        let family: String
        let table: String
        let name: String
        /// Nil where only other chains lead here.
        let hook: String?
        let isDroppingByPolicy: Bool
        /// The statements of each rule.
        var rules: [[JSONObject]] = []
    }

    private(set) var chains: [Chain] = []

    init(_ objects: [JSONValue]) {
        for case .object(let object) in objects {
            if case .object(let chain) = object["chain"] { add(chain: chain) }
            if case .object(let rule) = object["rule"] { add(rule: rule) }
        }
    }

    /// Every chain through which IPv4 packets that are forwarded go, but those of some tables.
    func forwardChains(besides own: Set<String>) -> [Chain] {
        chains.filter { chain in
            chain.hook == "forward" && ["ip", "inet"].contains(chain.family)
                && !own.contains(chain.table)
        }
    }

    func chain(_ name: String, besides chain: Chain) -> Chain? {
        chains.first {
            $0.name == name && $0.table == chain.table && $0.family == chain.family
        }
    }

    /// The names of all chains in the table of this one.
    func names(besides chain: Chain) -> [String] {
        chains.filter { $0.table == chain.table && $0.family == chain.family }.map(\.name)
    }

    private mutating func add(chain: JSONObject) {
        guard let family = chain["family"]?.text, let table = chain["table"]?.text,
            let name = chain["name"]?.text
        else { return }
        chains.append(
            Chain(
                family: family,
                table: table,
                name: name,
                hook: chain["hook"]?.text,
                isDroppingByPolicy: chain["policy"]?.text == "drop"
            )
        )
    }

    private mutating func add(rule: JSONObject) {
        guard case .array(let statements) = rule["expr"],
            let index = chains.firstIndex(where: {
                $0.name == rule["chain"]?.text && $0.table == rule["table"]?.text
                    && $0.family == rule["family"]?.text
            })
        else { return }
        chains[index].rules.append(
            statements.compactMap { if case .object(let object) = $0 { object } else { nil } }
        )
    }
}

extension JSONValue {
    var text: String? { if case .string(let text) = self { text } else { nil } }
}
