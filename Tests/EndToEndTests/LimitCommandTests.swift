import EndToEndSupport
import RegexBuilder
import TestSupport
import Testing

/// What a person meets who sets limits and looks at what was used.
struct LimitCommandTests {
    @Test(
        "limits that are taken away twice, or one by one, are no mistake, and then there are none"
    )
    func none() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            try world.require("peer", "limit", "laptop", "--up", "10M", "--quota", "1GB")
            #expect(
                try world.require("peer", "limit", "laptop", "--none")
                    == "peer 'laptop' has no limits any more\n"
            )
            let sentence = "peer 'laptop' has no limits\n"
            #expect(try world.require("peer", "limit", "laptop", "--none") == sentence)
            #expect(try world.require("peer", "limit", "laptop", "--none", "-o", "json") == "")
            #expect(try world.require("peer", "limit", "laptop", "--quota", "none") == sentence)
            #expect(try world.wgw("peer", "limit", "laptop").status == 3)
            try world.require("peer", "limit", "laptop", "--down", "1M")
            #expect(try world.require("peer", "limit", "laptop", "--down", "none") == sentence)
            #expect(try world.require("limits", "-q") == "")
        }
    }

    @Test("limits and their events are listed by the names of what they limit")
    func names() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            let commands = [
                ["peer", "limit", "laptop"], ["gateway", "limit", "first"],
                ["organization", "limit", "default"],
            ]
            for command in commands { try world.require(command + ["--quota", "1GB"]) }
            let limits = try world.require("limits", "--columns", "of,name,used", "--no-header")
            #expect(
                limits.split(separator: "\n").map {
                    $0.split(separator: " ").joined(separator: " ")
                }
                    == ["peer laptop 0 %", "gateway first 0 %", "organization default 0 %"]
            )
            let events = try world.require("event", "list", "--columns", "type,object")
            for name in ["peer laptop", "gateway first", "organization default"] {
                #expect(
                    events.contains(
                        Regex {
                            "limits.created"; OneOrMore(" "); name; "\n"
                        }
                    )
                )
            }
            #expect(!(try world.require("peer", "list")).contains("QUOTA"), "no quota is used up")
        }
    }

    @Test("usage of a peer at a gateway that it is not one of is refused by the options")
    func place() async throws {
        try await ClientWorld.run { world in
            _ = try await world.makePeer("laptop")
            try world.require("gateway", "create", "second")
            try world.require("network", "create", "other")
            try world.require("usage", "--gateway", "first", "--peer", "laptop")
            let usage = try world.wgw("usage", "--gateway", "second", "--peer", "laptop")
            #expect(usage.status == 3)
            #expect(
                usage.output
                    == "wgw: --peer names a peer of another gateway. --gateway names a gateway that does not have"
                    + " this peer\n"
            )
            for (option, name) in [("--gateway", "first"), ("--peer", "laptop")] {
                let usage = try world.run(["usage", "--network", "other", option, name])
                #expect(usage.status == 3 && usage.output.hasPrefix("wgw: \(option) names a "))
                #expect(usage.output.contains("--network names a network that does not have this"))
            }
        }
    }

    @Test(
        "reports of what was used name the options that are wrong, and a month that has not begun"
    )
    func reports() async throws {
        try await ClientWorld.empty { world in
            let span = try world.wgw("usage", "--from", "2026-10", "--to", "2026-09")
            #expect(span.status == 2 && span.output.contains("--to must be later than --from"))
            let end = try world.wgw("usage", "--to", "2020-01")
            #expect(end.status == 1 && end.output.contains("--to must be an hour or more behind"))
            #expect(try world.require("costs", "--month", "2199-01") == "2199-01: has not begun\n")
            #expect(try world.require("costs").contains(" so far"))
        }
    }
}
