import Foundation
import JSON
import NetAddress
import Testing

@testable import EgressFirewall

@Suite("Rules of other programs that drop what is forwarded are found")
struct ForwardObstacleTests {
    private static func recorded(_ name: String) throws -> Ruleset {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let file = folder.appending(path: "Rulesets/\(name).json")
        return try ruleset(String(contentsOf: file, encoding: .utf8))
    }

    private static func ruleset(_ text: String) throws -> Ruleset {
        guard case .object(let answer) = try JSONParser.parse(Array(text.utf8)),
            case .array(let objects) = answer["nftables"]
        else { return Ruleset([]) }
        return Ruleset(objects)
    }

    private static func obstacles(
        in ruleset: Ruleset,
        services: [String] = ["192.0.2.0/24"],
        output: String = "eth0"
    ) throws -> [ForwardObstacle] {
        ForwardObstacle.all(
            in: ruleset,
            against: try Plans.plan(services: services),
            besides: [FirewallTable(dataDirectory: "/var/lib/wgw").name],
            outputs: [output]
        )
    }

    /// One base chain of the forward hook with these rules, as nft writes them.
    private static func chain(
        policy: String = "accept",
        family: String = "inet",
        table: String = "own",
        _ rules: [String],
        others: [String: [String]] = [:]
    ) throws -> Ruleset {
        let place = #""family": "\#(family)", "table": "\#(table)""#
        var objects = [
            """
            {"chain": {\(place), "name": "f", "type": "filter", "hook": "forward", "prio": 0, \
            "policy": "\(policy)"}}
            """
        ]
        objects += others.keys.map { #"{"chain": {\#(place), "name": "\#($0)"}}"# }
        for (name, rules) in others.merging(["f": rules], uniquingKeysWith: { $1 }) {
            objects += rules.map {
                #"{"rule": {\#(place), "chain": "\#(name)", "expr": [\#($0)]}}"#
            }
        }
        return try ruleset(#"{"nftables": [\#(objects.joined(separator: ", "))]}"#)
    }

    private static let accept = #"{"accept": null}"#
    private static let drop = #"{"drop": null}"#

    private static func match(_ left: String, _ right: String, _ op: String = "==") -> String {
        #"{"match": {"op": "\#(op)", "left": \#(left), "right": \#(right)}}, "#
    }

    private static let input = #"{"meta": {"key": "iifname"}}"#
    private static let output = #"{"meta": {"key": "oifname"}}"#
    private static let state = #"{"ct": {"key": "state"}}"#
    private static let destination = #"{"payload": {"protocol": "ip", "field": "daddr"}}"#

    @Test("Docker's policy is found, with the rules for its own chain")
    func docker() throws {
        let found = try Self.obstacles(in: Self.recorded("docker"))
        #expect(
            found.map(\.description) == [
                """
                The rules of Docker, in the table ip filter, chain FORWARD, drop what wgw0 gives the \
                kernel to forward: run sudo iptables -I DOCKER-USER -i wgw0 -j ACCEPT and \
                sudo iptables -I DOCKER-USER -o wgw0 -m conntrack --ctstate RELATED,ESTABLISHED \
                -j ACCEPT.
                """
            ]
        )
    }

    @Test("the policy of ufw is found, with the command of ufw")
    func ufw() throws {
        let found = try Self.obstacles(in: Self.recorded("ufw"))
        #expect(found.map(\.author) == [.ufw])
        #expect(found.map(\.commands) == [["sudo ufw route allow in on wgw0"]])
    }

    @Test("firewalld's final refusal is found where no zone forwards")
    func firewalld() throws {
        let ruleset = try Self.recorded("firewalld")
        #expect(try Self.obstacles(in: ruleset, output: "eth7").map(\.author) == [.firewalld])
        #expect(try Self.obstacles(in: ruleset, output: "eth1").isEmpty)
    }

    @Test("a machine without other rules has no obstacle")
    func none() throws {
        #expect(try Self.obstacles(in: Ruleset([])).isEmpty)
        let own = FirewallTable(dataDirectory: "/var/lib/wgw").name
        #expect(try Self.obstacles(in: Self.chain(table: own, [Self.drop])).isEmpty)
        #expect(try Self.obstacles(in: Self.chain(family: "ip6", [Self.drop])).isEmpty)
        #expect(try Self.obstacles(in: Self.chain([])).isEmpty)
    }

    @Test("what is accepted, returned or dropped first decides, and then the policy")
    func order() throws {
        let forOthers = Self.match(Self.input, #""docker0""#)
        let forUs = Self.match(Self.input, #"{"set": ["eth9", "wgw0"]}"#)
        let answers = Self.match(Self.state, #"["established", "related"]"#, "in")
        let cases: [([String], policy: String, Int)] = [
            ([], "drop", 1),
            ([Self.drop], "accept", 1),
            ([#"{"reject": {"type": "icmp", "expr": "host-prohibited"}}"#], "accept", 1),
            ([forOthers + Self.drop], "accept", 0),
            ([forOthers + Self.accept], "drop", 1),
            // Answers are dropped then.
            ([forUs + Self.accept], "drop", 1),
            ([answers + Self.accept, forUs + Self.accept], "drop", 0),
            ([Self.accept, Self.drop], "drop", 0),
            ([#"{"counter": {"packets": 1, "bytes": 2}}, {"accept": null}"#], "drop", 0),
            ([Self.match(Self.input, #""wgw*""#) + Self.drop], "accept", 1),
            ([Self.match(Self.output, #""eth0""#, "!=") + Self.drop], "accept", 1),
            ([Self.match(Self.output, #""wgw0""#, "!=") + Self.accept], "drop", 1),
            ([#"{"return": null}"#, Self.accept], "drop", 1),
        ]
        for (rules, policy, count) in cases {
            let found = try Self.obstacles(in: Self.chain(policy: policy, rules))
            #expect(found.count == count, "\(rules), policy \(policy)")
            #expect(found.count(where: \.isCertain) == count)
        }
    }

    @Test("jumps come back where the other chain does not decide, and a goto does not")
    func jumps() throws {
        let jump = #"{"jump": {"target": "g"}}"#
        let goTo = #"{"goto": {"target": "g"}}"#
        let returning = ["g": [#"{"return": null}"#, Self.drop]]
        #expect(try Self.obstacles(in: Self.chain([jump, Self.accept], others: returning)).isEmpty)
        #expect(
            try Self.obstacles(in: Self.chain([jump, Self.drop], others: returning)).count == 1
        )
        let found = try Self.obstacles(
            in: Self.chain(policy: "drop", [goTo, Self.accept], others: returning)
        )
        #expect(found.count == 1)
        // The kernel refuses loops; a text that has one ends all the same.
        let loop = ["g": [jump, jump]]
        #expect(try Self.obstacles(in: Self.chain([jump], others: loop)).isEmpty)
    }

    @Test("addresses are compared, and a rule that cannot be read makes a drop uncertain")
    func addresses() throws {
        let within = Self.match(Self.destination, #"{"prefix": {"addr": "192.0.2.0", "len": 23}}"#)
        let beyond = Self.match(
            Self.destination,
            #"{"set": ["192.0.2.9", {"range": ["192.0.3.0", "192.0.3.9"]}]}"#
        )
        let named = Self.match(Self.destination, #""@blocked""#)
        #expect(try Self.obstacles(in: Self.chain([within + Self.drop])).count == 1)
        #expect(try Self.obstacles(in: Self.chain([beyond + Self.drop])).isEmpty)
        #expect(try Self.obstacles(in: Self.chain([named + Self.drop])).isEmpty)
        let found = try Self.obstacles(in: Self.chain(policy: "drop", [named + Self.accept]))
        #expect(found.map(\.isCertain) == [false])
        #expect(found.first?.description.contains("may drop") == true)
    }

    @Test("a map of verdicts is looked up by what the packet is")
    func verdictMaps() throws {
        let map = """
            {"vmap": {"key": \(Self.state), "data": {"set": [["established", {"accept": null}], \
            ["related", {"accept": null}], ["invalid", {"drop": null}]]}}}
            """
        let interfaces = """
            {"vmap": {"key": \(Self.input), "data": {"set": [["lo", {"accept": null}], \
            ["wgw0", {"drop": null}]]}}}
            """
        #expect(try Self.obstacles(in: Self.chain([map])).isEmpty)
        let found = try Self.obstacles(in: Self.chain(policy: "drop", [map]))
        #expect(found.map(\.isOnTheWayOut) == [true])
        #expect(try Self.obstacles(in: Self.chain([map, interfaces])).count == 1)
    }

    @Test("commands for rules of no known program insert before them")
    func others() throws {
        let found = try Self.obstacles(in: Self.chain(policy: "drop", []))
        #expect(
            found.first?.commands == [
                "sudo nft insert rule inet own f iifname wgw0 accept",
                "sudo nft insert rule inet own f oifname wgw0 ct state established,related accept",
            ]
        )
    }
}
