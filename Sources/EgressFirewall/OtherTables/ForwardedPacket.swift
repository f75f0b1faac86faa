import JSON
import NetAddress

/// What is known of a packet that this server has the kernel forward: the first of a TCP connection on
/// its way out, or one on the way back.
struct ForwardedPacket {
    let input: String
    let output: String
    let isNew: Bool
    /// Nil where it may be any.
    let source: IPv4Address?
    let destination: IPv4Address?

    enum Match {
        case yes
        case no
        /// It depends on what is not known here.
        case unknown

        static prefix func ! (match: Match) -> Match {
            switch match {
            case .yes: .no
            case .no: .yes
            case .unknown: .unknown
            }
        }
    }

    /// Whether the packet gets by one statement of a rule; those that only count or log let all by.
    func matches(_ statement: JSONObject) -> Match {
        if case .object(let match) = statement["match"], let left = match["left"],
            let right = match["right"]
        {
            let result = matches(left, right)
            return match["op"]?.text == "!=" ? !result : result
        }
        if case .object(let extra) = statement["xt"], extra["type"]?.text == "match" {
            // Of iptables, which nft does not spell out. The match of connections stands in rules for
            // those that exist, in all rule sets that are known.
            return extra["name"]?.text == "conntrack" ? (isNew ? .no : .yes) : .unknown
        }
        if statement["limit"] != nil { return .unknown }
        return .yes
    }

    /// Whether what stands on the left of a comparison is, or is among, what stands on the right.
    func matches(_ left: JSONValue, _ right: JSONValue) -> Match {
        guard case .object(let subject) = left else { return .unknown }
        if case .object(let meta) = subject["meta"] {
            switch meta["key"]?.text {
            case "iifname", "iif": return Self.any(right) { Self.isName(input, $0) }
            case "oifname", "oif": return Self.any(right) { Self.isName(output, $0) }
            case "l4proto": return Self.any(right) { Self.isWord(["tcp"], $0) }
            case "nfproto": return Self.any(right) { Self.isWord(["ipv4"], $0) }
            case "protocol": return Self.any(right) { Self.isWord(["ip"], $0) }
            default: return .unknown
            }
        }
        if case .object(let connection) = subject["ct"] {
            switch connection["key"]?.text {
            case "state":
                return Self.any(right) { Self.isWord([isNew ? "new" : "established"], $0) }
            // Its source is translated later, and its destination never.
            case "status": return Self.any(right) { $0.text == "dnat" ? .no : .unknown }
            default: return .unknown
            }
        }
        guard case .object(let payload) = subject["payload"] else { return .unknown }
        switch (payload["protocol"]?.text, payload["field"]?.text) {
        case ("ip", "saddr"): return Self.any(right) { Self.isAddress(source, $0) }
        case ("ip", "daddr"): return Self.any(right) { Self.isAddress(destination, $0) }
        case ("ip", "protocol"): return Self.any(right) { Self.isWord(["tcp"], $0) }
        case ("ip", _), ("tcp", _), ("th", _), (nil, _): return .unknown
        // A header that the packet does not have.
        default: return .no
        }
    }

    /// One value, or several in a set or a list of flags.
    private static func any(_ right: JSONValue, _ one: (JSONValue) -> Match) -> Match {
        var elements = [right]
        if case .array(let list) = right { elements = list }
        if case .object(let object) = right, case .array(let list) = object["set"] {
            elements = list
        }
        var result = Match.no
        for element in elements {
            switch one(element) {
            case .yes: return .yes
            case .unknown: result = .unknown
            case .no: continue
            }
        }
        return result
    }

    private static func isWord(_ words: [String], _ value: JSONValue) -> Match {
        guard let text = value.text, !text.hasPrefix("@") else { return .unknown }
        return words.contains(text) ? .yes : .no
    }

    private static func isName(_ name: String, _ value: JSONValue) -> Match {
        guard let text = value.text, !text.hasPrefix("@") else { return .unknown }
        if text.hasSuffix("*") { return name.hasPrefix(text.dropLast()) ? .yes : .no }
        return name == text ? .yes : .no
    }

    private static func isAddress(_ address: IPv4Address?, _ value: JSONValue) -> Match {
        guard let address else { return .unknown }
        if let text = value.text {
            guard let other = IPv4Address(text) else { return .unknown }
            return address == other ? .yes : .no
        }
        guard case .object(let object) = value else { return .unknown }
        if case .object(let prefix) = object["prefix"],
            let network = prefix["addr"]?.text.flatMap({ IPv4Address($0) }),
            case .integer(let length) = prefix["len"], (0...32).contains(length),
            let prefix = try? IPv4Prefix(containing: network, length: UInt8(length))
        {
            return prefix.contains(address) ? .yes : .no
        }
        if case .array(let ends) = object["range"], ends.count == 2,
            let first = ends[0].text.flatMap({ IPv4Address($0) }),
            let last = ends[1].text.flatMap({ IPv4Address($0) })
        {
            return (first...last).contains(address) ? .yes : .no
        }
        return .unknown
    }
}
