import GatewayDeclaration
import Testing

struct DeclarationReadingTests {
    @Test("all mistakes of a declaration are told at once, each with its line and its member")
    func allMistakes() {
        let declaration = Declaration.read(
            """
            version: 1
            networks:
            - name: office
              adress_block: 10.0.0.0/16
            - name: 7
            - [office]
            gateways:
            - name: berlin
              network_id: office
              region_code: local
              mtu: 12
              status: provisioned
              endpoint: 192.0.2.1:5000
            - network: office
              name: "\\u0007"
              region_code: local
              colour: blue
            pears: []
            peers:
            - name: laptop
              gateway: berlin
              public_key: not a key
              persistent_keepalive: often
              preshared_key: 3
            - name: phone
            """
        )
        #expect(
            declaration.mistakes.map { "\($0.line): \($0.text)" } == [
                "4: networks[0].adress_block is not a member of a network; 'address_block' is the nearest",
                "5: networks[1].name must be of type string; put quotes around it",
                "6: networks[2] must be a mapping of the network's members",
                "9: gateways[0].network_id is called 'network' here: a name or an id",
                "11: gateways[0].mtu must be from 1280 to 9200",
                "12: gateways[0].status is set by the server and cannot be declared; leave it out",
                "13: gateways[0].endpoint is set by the server and cannot be declared; leave it out",
                "15: gateways[1].name must not contain control characters",
                """
                17: gateways[1].colour is not a member of a gateway; there are: region_code, name, \
                enable_sip_trunking, services, subnet, subnet_prefix_length, mtu, persistent_keepalive, \
                private_key, listen_port, server_ip_address, node_id, network, id
                """,
                "18: 'pears' is not a section; 'peers' is the nearest",
                "22: peers[0].public_key must be a WireGuard public key: 44 base64 characters",
                "23: peers[0].persistent_keepalive must be of type integer",
                "24: peers[0].preshared_key must be of type true, false or string",
                "25: peers[1] needs 'gateway', the name of its gateway",
            ]
        )
    }

    @Test(
        "a declaration that is no list of objects of a known version is refused in one sentence",
        arguments: [
            ("", "the file is empty; it begins with version: 1"),
            ("# nothing", "the file is empty; it begins with version: 1"),
            ("peers: []", "the version is missing; begin with version: 1"),
            ("version: 2", "the version must be 1, the only one that this wgw reads"),
            ("version: '1'", "the version must be 1, the only one that this wgw reads"),
            (
                "- a",
                "the file must be a mapping: version: 1, and lists of networks, gateways, peers"
            ),
            ("version: 1\npeers: 3", "peers must be a list of peers"),
            ("version: 1\npeers: {name: a}", "peers must be a list of peers"),
            ("version: 1\nversion: 1", "a member stands twice in one mapping: 'version'"),
            ("version: 1\n[a]: 3", "a list or a mapping cannot be the name of a member"),
            ("version: [", "the file cannot be read as YAML: did not find expected node content"),
            (
                "version: 1\u{7}",
                "the file cannot be read as YAML: control characters are not allowed"
            ),
            (
                "version: 1\n--- \nversion: 1",
                "the file cannot be read as YAML: but found another document"
            ),
        ]
    )
    func malformed(text: String, mistake: String) {
        #expect(Declaration.read(text).mistakes.map(\.text).first == mistake)
    }

    @Test(
        "a mistake of the notation is told with the line in which it was made",
        arguments: [
            ("version: 1\nnetworks: [\n\n\n", 2),
            ("version: 1\nnetworks:\n- name: office\n  address_block\npeers: []\n", 4),
            ("version: 1\nservices:\n- name: a\n  prefixes:\n  - 10.0.0.0/8\n  - x\n", 6),
            ("version: 1\nnetworks:\n- name: a\n- name: b\n  name: c\n", 4),
        ]
    )
    func lines(text: String, line: Int) {
        let mistakes = Declaration.read(text).mistakes
        #expect(mistakes.map(\.line) == [line], "\(mistakes)")
    }

    @Test(
        "JSON, flow style and block style of one declaration are read alike",
        arguments: [
            #"{"version": 1, "networks": [{"name": "no", "address_block": "10.0.0.0/16"}]}"#,
            "{version: 1, networks: [{name: no, address_block: 10.0.0.0/16}]}",
            "version: 1\nnetworks:\n  - name: no\n    address_block: 10.0.0.0/16",
            "version: 1\r\nnetworks:\r\n- address_block: '10.0.0.0/16'\r\n  name: \"no\" # said",
            "\u{FEFF}---\nversion: 1\nnetworks:\n-\n  name: no\n  address_block: 10.0.0.0/16\n...\n",
        ]
    )
    func styles(text: String) {
        let (plan, mistakes) = Declaration.planned(text, for: SimulatedServer(seed: 1))
        #expect(mistakes == [])
        #expect(plan.text == "+ network no\n    address_block: 10.0.0.0/16")
    }

    @Test(
        "a section that is empty says that there should be none, one that is missing says nothing"
    )
    func sections() {
        #expect(Declaration.read("version: 1\npeers:\nnetworks: []").sections == [.network, .peer])
    }
}
