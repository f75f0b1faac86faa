import GatewayDeclaration
import JSON
import Testing

struct PlanTests {
    private static let text = """
        version: 1
        networks:
        - name: office
          address_block: 10.0.0.0/16
        gateways:
        - name: berlin
          network: office
          region_code: local
          subnet: 10.0.1.0/24
        peers:
        - name: laptop
          gateway: berlin
          public_key: \(key)
          preshared_key: true
        - name: phone
          gateway: berlin
          persistent_keepalive: 25
        """
    private static let key = "XWpmhCG7yXPfvNT9HLwUYRIJPmXFfrCUHxSBSPoqpUo="

    /// A server on which the text was applied.
    private static func applied(_ text: String = text) -> SimulatedServer {
        var server = SimulatedServer(seed: 9)
        server.carryOut(Declaration.planned(text, for: server).plan)
        return server
    }

    @Test("the plan for an empty server makes networks, gateways and peers in this order")
    func fromNothing() {
        let (plan, mistakes) = Declaration.planned(Self.text, for: SimulatedServer(seed: 9))
        #expect(mistakes == [])
        #expect(
            plan.text == """
                + network office
                    address_block: 10.0.0.0/16
                + gateway berlin of network office
                    region_code: local
                    subnet: 10.0.1.0/24
                + peer laptop of gateway berlin
                    public_key: \(Self.key)
                    preshared_key: (secret)
                + peer phone of gateway berlin
                    persistent_keepalive: 25
                """
        )
        #expect(PlanText.summary(plan) == "4 to make")
    }

    @Test("the plan for a server that is as declared has no steps")
    func nothingToDo() {
        let (plan, mistakes) = Declaration.planned(Self.text, for: Self.applied())
        #expect(mistakes == [])
        #expect(plan.steps.isEmpty)
        #expect(plan.unchanged == 4)
    }

    @Test(
        "services that gateways name and that neither file nor server has are one mistake, and a server's own are none"
    )
    func missingServices() {
        let text = Self.text.replacing(
            "  subnet: 10.0.1.0/24",
            with: "  subnet: 10.0.1.0/24\n  services: [sip, api, web, db]"
        )
        let declared = text + "\nservices:\n- name: api\n  prefixes: [192.0.2.0/24]\n"
        var state = SimulatedServer(seed: 9).state
        state.otherNames[.service] = ["web"]
        let (plan, mistakes) = Plan.make(.read(declared), for: state, prunes: false)
        #expect(plan.steps.isEmpty && mistakes.count == 1)
        #expect(mistakes.first?.line == 10)
        #expect(
            mistakes.first?.text.hasPrefix(
                "gateways[0].services names the services sip, db, which neither the file nor this server has"
            ) == true,
            "\(mistakes)"
        )
        state.otherNames[.service] = ["web", "sip", "db"]
        #expect(Plan.make(.read(declared), for: state, prunes: false).mistakes == [])
    }

    @Test(
        "what is replaced by a new object with the same addresses is deleted before that is made"
    )
    func replacement() {
        func text(_ services: String) -> String { "version: 1\nservices:\n" + services }
        let server = Self.applied(
            text(
                """
                - name: sip
                  prefixes: [192.0.2.0/24]
                - name: api
                  prefixes: [198.51.100.0/24]
                """
            )
        )
        let (plan, mistakes) = Declaration.planned(
            text("- name: voice\n  prefixes: [192.0.2.128/25, 203.0.113.0/24]\n"),
            for: server,
            prunes: true
        )
        #expect(mistakes == [])
        #expect(
            plan.text == """
                - service sip
                + service voice
                    prefixes: 192.0.2.128/25, 203.0.113.0/24
                - service api
                """
        )
    }

    @Test("a public key that is none is told once, and not as one that is missing, too")
    func wrongKey() {
        let text = Self.text.replacing(Self.key, with: "no key")
        let server = SimulatedServer(seed: 9)
        let (plan, mistakes) = Plan.make(.read(text), for: server.state, prunes: false)
        #expect(mistakes.count == 1)
        #expect(plan.keyless.map(\.title) == ["peer phone of gateway berlin"])
    }

    @Test("what a server refuses is told with the line and in the words of the declaration")
    func refusals() throws {
        let text = Self.text + "\n  allowed_ips:\n  - 10.9.0.0/24\n  - 10.8.0.0/24"
        let plan = Declaration.planned(text, for: SimulatedServer(seed: 9)).plan
        func told(_ step: Int, _ pointer: String, _ detail: String) -> String {
            let mistake = plan.steps[step].mistake(at: pointer, refusedWith: detail)
            return "\(mistake.line): \(mistake.text)"
        }
        #expect(
            told(3, "/allowed_ips/1", "'allowed_ips.1' overlaps 10.8.0.0/16.")
                == "20: peers[1].allowed_ips[1] overlaps 10.8.0.0/16"
        )
        #expect(
            told(1, "/network_id", "'network_id' names nothing that exists.")
                == "7: gateways[0].network names nothing that exists"
        )
        #expect(told(2, "", "The limit is reached.") == "11: peers[0]: The limit is reached")
        #expect(
            told(0, "/name", "Another network has this name.")
                == "3: networks[0].name: Another network has this name"
        )
    }

    @Test("a changed member is shown with its old value and its new one")
    func change() {
        let text = Self.text.replacing("keepalive: 25", with: "keepalive: null")
        let (plan, mistakes) = Declaration.planned(text, for: Self.applied())
        #expect(mistakes == [])
        #expect(
            plan.text == """
                ~ peer phone of gateway berlin
                    persistent_keepalive: 25 → none
                """
        )
    }

    @Test(
        "a peer is declared to be the default gateway of its network, in the place of another one"
    )
    func defaultGateway() {
        let line = "\n  is_default_gateway: true"
        let phone = Self.text.replacing("keepalive: 25", with: "keepalive: 25\(line)")
        var server = Self.applied(phone)
        #expect(Declaration.planned(phone, for: server).plan.steps.isEmpty)
        let laptop = Self.text.replacing("preshared_key: true", with: "preshared_key: true\(line)")
        let (plan, mistakes) = Declaration.planned(laptop, for: server)
        #expect(mistakes == [])
        #expect(
            plan.text == """
                ~ peer laptop of gateway berlin
                    is_default_gateway: false → true
                """
        )
        server.carryOut(plan)
        #expect(Declaration.planned(laptop, for: server).plan.steps.isEmpty)
        let none = laptop.replacing("gateway: true", with: "gateway: null")
        #expect(
            Declaration.planned(none, for: server).plan.text == """
                ~ peer laptop of gateway berlin
                    is_default_gateway: true → false
                """
        )
        let both = laptop.replacing("keepalive: 25", with: "keepalive: 25\(line)")
        #expect(
            Declaration.planned(both, for: server).mistakes == [
                "19: peers[1].is_default_gateway is true of peers[0], too; a network has one at most"
            ]
        )
        #expect(
            Declaration.planned(
                laptop.replacing(": true\n- name", with: ": 7\n- name"),
                for: server
            )
            .mistakes.map { $0.contains("is_default_gateway must be") } == [true]
        )
    }

    @Test("a peer with a new name and the public key that it had is renamed")
    func rename() {
        let text = Self.text.replacing("laptop", with: "notebook")
        let (plan, mistakes) = Declaration.planned(text, for: Self.applied(), prunes: true)
        #expect(mistakes == [])
        #expect(plan.text == "~ peer notebook of gateway berlin\n    name: laptop → notebook")
    }

    @Test("what is not declared is kept, and deleted only by a plan that prunes")
    func prune() {
        let fewer = Self.text.components(before: "- name: phone")
        let kept = Declaration.planned(fewer, for: Self.applied())
        #expect(kept.plan.steps.isEmpty)
        #expect(kept.plan.kept.map(\.title) == ["peer phone of gateway berlin"])
        let pruned = Declaration.planned(fewer, for: Self.applied(), prunes: true)
        #expect(pruned.plan.text == "- peer phone of gateway berlin")
    }

    @Test("a section that the file does not have is not pruned")
    func pruneKnowsSections() {
        let (plan, mistakes) = Declaration.planned(
            "version: 1\npeers: []",
            for: Self.applied(),
            prunes: true
        )
        #expect(mistakes == [])
        #expect(plan.text == "- peer laptop of gateway berlin\n- peer phone of gateway berlin")
    }

    @Test("a gateway is pruned with its peers and before its network")
    func pruneAll() {
        let (plan, mistakes) = Declaration.planned(
            "version: 1\nnetworks: []",
            for: Self.applied(),
            prunes: true
        )
        #expect(mistakes == [])
        #expect(
            plan.text == """
                - gateway berlin of network office and its 2 peers
                    - peer laptop of gateway berlin
                    - peer phone of gateway berlin
                - network office
                """
        )
        var server = Self.applied()
        server.carryOut(plan)
        #expect(server.count == 0)
    }

    @Test("a plan that prunes refuses to delete what a declared object belongs to")
    func pruneOfParent() {
        let text = """
            version: 1
            networks: []
            gateways:
            - name: berlin
              network: office
            """
        let (_, mistakes) = Declaration.planned(text, for: Self.applied(), prunes: true)
        #expect(
            mistakes == [
                """
                5: gateways[0].network names a network that is not in the file, so that --prune would \
                delete it; add it to 'networks'
                """
            ]
        )
    }

    @Test("what cannot be changed in place is told with both values, and nothing is planned")
    func fixedMembers() {
        let text = Self.text.replacing("code: local", with: "code: fra")
            .replacing("10.0.0.0/16", with: "10.1.0.0/16")
        let (plan, mistakes) = Declaration.planned(text, for: Self.applied())
        #expect(plan.steps.isEmpty)
        #expect(
            mistakes == [
                """
                4: networks[0].address_block cannot be changed from 10.0.0.0/16 to 10.1.0.0/16 in a network \
                that is there; write the old value, or declare a network of another name
                """,
                """
                8: gateways[0].region_code cannot be changed from local to fra in a gateway that is there; \
                write the old value, or declare a gateway of another name
                """,
            ]
        )
    }

    @Test("null for a member that always has a value leaves the server's default as it is")
    func nullOfDefault() {
        let text = Self.text.replacing("code: local", with: "code: local\n  mtu: null")
        #expect(Declaration.planned(text, for: Self.applied()).plan.unchanged == 4)
        let other = text.replacing("mtu: null", with: "mtu: 1380")
        #expect(
            Declaration.planned(other, for: Self.applied()).plan.text == """
                ~ gateway berlin of network office
                    mtu: 1420 → 1380
                """
        )
    }

    @Test("a secret that is declared is compared with the one that was read, and never shown")
    func secrets() throws {
        var server = Self.applied()
        let first = Declaration.planned(Self.text, for: server).plan
        let id = try #require(first.idsWithUnknownSecrets.first)
        #expect(first.idsWithUnknownSecrets.count == 1)
        server.secrets[id] = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlYzE="
        #expect(Declaration.planned(Self.text, for: server).plan.unchanged == 4)
        let other = Self.text.replacing("preshared_key: true", with: "preshared_key: false")
        #expect(
            Declaration.planned(other, for: server).plan.text == """
                ~ peer laptop of gateway berlin
                    preshared_key: (secret) → (secret)
                """
        )
        server.secrets[id] = .bool(false)
        #expect(Declaration.planned(other, for: server).plan.unchanged == 4)
        #expect(Declaration.planned(Self.text, for: server).plan.steps.count == 1)
    }

    @Test(
        "a private key is compared by its public half, a port with the endpoint, and neither is shown"
    )
    func keyAndPort() {
        let key = "MEIKCMKhTmSqPLIcaMkpfyPUUNJCkZ4vpGK2VSXOuXE="
        let given = Self.text.replacing(
            "code: local",
            with: "code: local\n  private_key: \(key)\n  listen_port: 5000"
        )
        let made = Declaration.planned(given, for: SimulatedServer(seed: 9)).plan
        #expect(made.text.contains("    private_key: (secret)\n    listen_port: 5000"))
        let (_, mistakes) = Declaration.planned(
            given.replacing("5000", with: "5001"),
            for: Self.applied()
        )
        #expect(
            mistakes == [
                """
                9: gateways[0].private_key cannot be changed in a gateway that is there; write the old value, or \
                declare a gateway of another name
                """,
                """
                10: gateways[0].listen_port cannot be changed from 5000 to 5001 in a gateway that is there; \
                write the old value, or declare a gateway of another name
                """,
            ]
        )
    }

    @Test("the endpoint that a new peer begins with is not compared with where it is later")
    func beginnings() {
        let text = Self.text.replacing(
            "name: phone",
            with: "name: phone\n  endpoint: 192.0.2.7:51820"
        )
        let made = Declaration.planned(text, for: SimulatedServer(seed: 9)).plan
        #expect(made.text.contains("    endpoint: 192.0.2.7:51820"))
        var server = Self.applied(text)
        server.moveAll(to: "198.51.100.9:1")
        #expect(Declaration.planned(text, for: server).plan.unchanged == 4)
        #expect(!Declaration.write(server.state).yaml.contains("198.51.100.9"))
    }

    @Test("a list is compared without its order, and null is an empty one")
    func lists() {
        let lists = { (value: String) in
            Self.text.replacing("name: phone", with: "name: phone\n  allowed_ips: \(value)")
        }
        let server = Self.applied(lists("[10.9.0.0/16, 2001:db8::/64]"))
        #expect(
            Declaration.planned(lists("[2001:db8::/64, 10.9.0.0/16]"), for: server).plan.unchanged
                == 4
        )
        for nothing in ["null", "[]"] {
            #expect(
                Declaration.planned(lists(nothing), for: server).plan.text == """
                    ~ peer phone of gateway berlin
                        allowed_ips: 10.9.0.0/16, 2001:db8::/64 → none
                    """
            )
            #expect(Declaration.planned(lists(nothing), for: Self.applied()).plan.unchanged == 4)
        }
        #expect(
            Declaration.planned(lists("[10.9.0.0/16, 10.8.0.1/16]"), for: server).mistakes == [
                """
                16: peers[1].allowed_ips[1] has host bits set; write the network, like 192.168.10.0/24
                """
            ]
        )
    }

    @Test("a prefix length is compared with the subnet that the gateway got")
    func prefixLength() {
        let text = Self.text.replacing("subnet: 10.0.1.0/24", with: "subnet_prefix_length: 24")
        #expect(Declaration.planned(text, for: Self.applied()).plan.unchanged == 4)
        let other = text.replacing("length: 24", with: "length: 25")
        #expect(Declaration.planned(other, for: Self.applied()).mistakes.count == 1)
    }

    @Test("mistakes of references, names and ids are told with those of the text")
    func references() {
        let text = """
            version: 1
            networks:
            - name: office
            - name: office
            - name: away
              id: 6f1c9d1e-0000-4000-8000-00000000000f
            gateways:
            - name: berlin
              network: offce
              region_code: locl
            - name: rome
              network: office
              region_code: fro
            - network: office
            peers:
            - name: laptop
              gateway: rome
            - name: laptop
              gateway: rome
              keepalive: 3
            - gateway: rome
            - name: phone
              gateway: paris
            """
        let (_, mistakes) = Declaration.planned(text, for: SimulatedServer(seed: 1))
        #expect(
            mistakes == [
                "4: networks[1].name is that of networks[0] in line 3, too",
                "6: networks[2].id names no network of this server; leave it out to make one",
                "9: gateways[0].network names no network of the file or the server; 'office' is the nearest",
                "10: gateways[0].region_code is none of this server's; 'local' is the nearest",
                "13: gateways[1].region_code is none of this server's; 'fra' is the nearest",
                "14: gateways[2] needs a name or an id to be found by",
                "14: gateways[2].region_code is required for a new gateway",
                "18: peers[1].name is that of peers[0] in line 16, too",
                """
                20: peers[1].keepalive is not a member of a peer; there are: name, public_key, \
                preshared_key, persistent_keepalive, address, allowed_ips, endpoint, is_default_gateway, \
                gateway, network, id
                """,
                "21: peers[2] needs a name, a public_key or an id to be found by",
                """
                23: peers[3].gateway names no gateway of the file or the server; there are: berlin, rome
                """,
            ]
        )
    }

    @Test("a gateway's name that two networks have needs the network beside it")
    func ambiguousReference() {
        let two = """
            version: 1
            networks:
            - name: office
            - name: work
            gateways:
            - {name: hub, network: office, region_code: local}
            - {name: hub, network: work, region_code: local}
            peers:
            - {name: a, gateway: hub}
            """
        let (_, mistakes) = Declaration.planned(two, for: SimulatedServer(seed: 1))
        #expect(mistakes == ["9: peers[0].gateway names 2 gateways; add 'network', or write an id"])
        let said = two.replacing("gateway: hub}", with: "gateway: hub, network: work}")
        let (plan, none) = Declaration.planned(said, for: SimulatedServer(seed: 1))
        #expect(none == [])
        #expect(plan.steps.count == 5)
    }

    @Test("an object of the server whose name others have is named by its id")
    func ambiguousName() {
        var server = SimulatedServer(seed: 1)
        let first = server.add(.network, ["name": "office"])
        let second = server.add(.network, ["name": "office"])
        let text = "version: 1\nnetworks:\n- name: office"
        #expect(
            Declaration.planned(text, for: server).mistakes == [
                """
                3: networks[0].name is that of 2 networks of the server; say which with id: \(first) or \
                \(second)
                """
            ]
        )
        let (plan, mistakes) = Declaration.planned(
            "version: 1\nnetworks:\n- name: work\n  id: \(second)",
            for: server
        )
        #expect(mistakes == [])
        #expect(plan.text == "~ network work\n    name: office → work")
    }
}

extension String {
    fileprivate func components(before mark: String) -> String {
        guard let range = firstRange(of: mark) else { return self }
        return String(self[..<range.lowerBound])
    }
}
