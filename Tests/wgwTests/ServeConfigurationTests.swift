import CommandLineProgram
import GatewayDomain
import HTTPEdge
import Logging
import NetAddress
import RateLimiting
import TestSupport
import Testing

@testable import wgw

struct ServeConfigurationTests {
    @Test("wgw serve without any setting has the default settings")
    func defaults() async throws {
        let configuration = try await configuration()
        #expect(configuration.listen.description == "127.0.0.1:8080")
        #expect(configuration.dataDirectory == "./wgw-data")
        #expect(configuration.apiKey == nil)
        #expect(configuration.region.code == "local")
        #expect(configuration.publicHost.description == "198.51.100.7")
        #expect(configuration.bindAddress == nil)
        #expect(configuration.portRange == 5000...5999)
        #expect(configuration.persistentKeepalive == 25)
        #expect(configuration.rateLimit == .standard)
        #expect(configuration.workers == 3)
        #expect(configuration.logLevel == .info)
    }

    @Test("an option beats the environment, and the environment beats the file")
    func precedence() async throws {
        let file = try TemporaryFile(
            "region: from-file\nworkers: 5\nlisten: 127.0.0.1:1\n",
            suffix: ".yaml"
        )
        let configuration = try await configuration(
            options: ["region": "from-option"],
            environment: ["WGW_REGION": "from-environment", "WGW_WORKERS": "4"],
            file: file.path
        )
        #expect(configuration.region.code == "from-option")
        #expect(configuration.workers == 4)
        #expect(configuration.listen.port == 1)
    }

    @Test(
        "a config file is YAML or JSON, with hyphens or underscores in its keys",
        arguments: [
            ("data-dir: /data\nport-range: 6000-6001\nworkers: 2\n", ".yaml"),
            ("{'data-dir': /data, \"port-range\": 6000-6001,\n  workers: 2}\n", ".yaml"),
            ("data-dir: /data\nport-range: >-\n  6000-6001\nworkers: 2\n", ".yaml"),
            ("# comment\ndata_dir: /data\nport_range: \"6000-6001\"\nworkers: 2\n", ".yml"),
            (#"{"data-dir": "/data", "port-range": "6000-6001", "workers": 2}"#, ".json"),
            (#"{"data_dir": "/data", "port_range": "6000-6001", "workers": "2"}"#, ".json"),
        ]
    )
    func fileFormats(contents: String, suffix: String) async throws {
        let file = try TemporaryFile(contents, suffix: suffix)
        let configuration = try await configuration(file: file.path)
        #expect(configuration.dataDirectory == "/data")
        #expect(configuration.portRange == 6000...6001)
        #expect(configuration.workers == 2)
    }

    @Test("a region setting may have a name behind its code")
    func regionWithName() async throws {
        let configuration = try await configuration(options: ["region": "x-1=Somewhere, US"])
        #expect(configuration.region.code == "x-1")
        #expect(configuration.region.name == "Somewhere, US")
    }

    @Test(
        "a bind address is an address with or without brackets, and :: is all addresses of both families",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"), ("0.0.0.0", "0.0.0.0"), ("::", nil), ("[::]", nil),
        ] as [(String, String?)]
    )
    func bindAddress(text: String, address: String?) async throws {
        let configuration = try await configuration(options: ["bind-address": text])
        #expect(configuration.bindAddress?.description == address)
    }

    @Test("the machine's config file is read where no other is given")
    func machineConfigFile() async throws {
        let machine = try TemporaryFile("region: machine\n", suffix: ".yaml")
        let own = try TemporaryFile("workers: 7\n", suffix: ".yaml")
        let plain = try await configuration(given: [:], configFile: machine.path)
        #expect(plain.region.code == "machine")
        let given = try await configuration(
            given: [Settings.config.entry: own.path],
            configFile: machine.path
        )
        #expect(given.region.code == "local")
        #expect(given.workers == 7)
    }

    @Test("the data directory is that of the service manager, unless a setting names another")
    func stateDirectory() async throws {
        let directory = Host.stateDirectory(["STATE_DIRECTORY": "/var/lib/wgw:/var/lib/other"])
        #expect(directory == "/var/lib/wgw")
        let managed = try await configuration(given: [:], stateDirectory: directory)
        #expect(managed.dataDirectory == "/var/lib/wgw")
        let file = try TemporaryFile("# nothing\n", suffix: ".yaml")
        let installed = try await configuration(given: [:], configFile: file.path)
        #expect(installed.dataDirectory == "/var/lib/wgw")
        let other = try await configuration(
            given: [Settings.dataDir.entry: "/data"],
            stateDirectory: directory
        )
        #expect(other.dataDirectory == "/data")
        #expect(try await configuration().dataDirectory == "./wgw-data")
    }

    @Test("an empty environment variable is ignored as a setting")
    func emptyVariable() async throws {
        #expect(try await configuration(environment: ["WGW_REGION": ""]).region.code == "local")
    }

    @Test(
        "a setting's bad value is refused in one sentence that names the option and the value",
        arguments: [
            ("listen", "8080"), ("listen", "localhost"), ("listen", "127.0.0.1:65536"),
            ("data-dir", ""), ("region", "Ashburn"), ("region", "a="),
            ("region", "a=A,area=Mars"), ("endpoint-address", "vpn.example.com:51820"),
            ("endpoint-address", "[192.0.2.1]"), ("endpoint-address", "192.0.2.1 "),
            ("endpoint-address", "https://vpn.example.com"),
            ("endpoint-address", "gateway_1.example"), ("bind-address", "10.0.0.1/24"),
            ("bind-address", "[10.0.0.1]"), ("bind-address", "[::"), ("bind-address", "::]"),
            ("bind-address", "fe80::1"),
            ("port-range", "5000"), ("port-range", "0-1"), ("port-range", "2-1"),
            ("port-range", "1-65536"), ("workers", "0"), ("workers", "257"), ("workers", "two"),
            ("log-level", "verbose"), ("rate-limit", "100"), ("rate-limit", "0:1"),
            ("rate-limit", "on"), ("max-peers", "-1"), ("max-networks", "many"),
            ("event-days", "0"),
            ("peer-metrics", "maybe"), ("persistent-keepalive", "-1"),
            ("persistent-keepalive", "65536"),
        ]
    )
    func badValues(key: String, value: String) async throws {
        let problem = await #expect(throws: CommandFailure.self) {
            try await configuration(options: [key: value])
        }
        let sentence = try #require(problem).description
        #expect(sentence.hasPrefix("--\(key) must be "))
        #expect(sentence.hasSuffix(", not '\(value)'"))
    }

    @Test(
        "the endpoint address setting is an address of either family or a name",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("2001:db8::5", "2001:db8::5"),
            ("[2001:DB8:0::5]", "2001:db8::5"), ("VPN.example.com", "VPN.example.com"),
            ("gateway", "gateway"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1"),
            ("1-2.dyn.example.org", "1-2.dyn.example.org"),
        ]
    )
    func publicHost(text: String, shown: String) async throws {
        let configuration = try await configuration(options: ["endpoint-address": text])
        #expect(configuration.publicHost.description == shown)
    }

    @Test(
        "an endpoint address that no client can send to is refused with the reason",
        arguments: [
            ("0.0.0.0", "no single host"), ("0.1.2.3", "no single host"), ("::", "no single host"),
            ("[::]", "no single host"), ("169.254.1.1", "link-local"), ("fe80::1", "link-local"),
            ("febf::1", "link-local"), ("224.0.0.1", "multicast"), ("239.1.2.3", "multicast"),
            ("ff02::1", "multicast"), ("255.255.255.255", "broadcast"),
            ("::ffff:192.0.2.1", "write 192.0.2.1"),
        ]
    )
    func unreachableHost(text: String, reason: String) async throws {
        let problem = await #expect(throws: CommandFailure.self) {
            try await configuration(options: ["endpoint-address": text])
        }
        let sentence = try #require(problem).description
        #expect(sentence.hasPrefix("--endpoint-address must be where clients reach this machine: "))
        #expect(sentence.contains(reason), "\(sentence)")
    }

    @Test("a machine without a default route needs the endpoint address setting")
    func noDefaultRoute() async throws {
        let problem = await #expect(throws: CommandFailure.self) {
            try await configuration(defaultRouteAddress: nil)
        }
        #expect(problem?.description.contains("has no default route") == true)
        #expect(problem?.description.contains("--endpoint-address") == true)
        let told = try await configuration(
            options: ["endpoint-address": "127.0.0.1"],
            defaultRouteAddress: nil
        )
        #expect(told.publicHost.description == "127.0.0.1")
    }

    @Test("serving plain HTTP to other machines is refused unless a setting allows it")
    func plainText() async throws {
        for address in ["0.0.0.0:80", "[::]:80", "192.0.2.1:80", "[::ffff:192.0.2.1]:80"] {
            let problem = await #expect(throws: CommandFailure.self) {
                try await configuration(options: ["listen": address])
            }
            #expect(problem?.description.contains("--tls-cert") == true)
            let allowed = try await configuration(
                options: ["listen": address, "insecure-http": "true"]
            )
            #expect(allowed.tls == nil)
            let secure = try await configuration(
                options: ["listen": address, "tls-cert": "c.pem", "tls-key": "k.pem"]
            )
            #expect(secure.tls?.certificate == "c.pem")
        }
        for address in ["127.0.0.1:80", "127.9.9.9:80", "[::1]:80", "[::ffff:127.0.0.1]:80"] {
            #expect(try await configuration(options: ["listen": address]).tls == nil)
        }
        for (text, suffix) in [
            ("listen: 0.0.0.0:80\ninsecure-http: true\n", ".yaml"),
            (#"{"listen": "0.0.0.0:80", "insecure_http": true}"#, ".json"),
        ] {
            let file = try TemporaryFile(text, suffix: suffix)
            #expect(try await configuration(file: file.path).listen.port == 80)
        }
        for half in ["tls-cert", "tls-key"] {
            let problem = await #expect(throws: CommandFailure.self) {
                try await configuration(options: [half: "x.pem"])
            }
            #expect(problem?.description.contains("belong together") == true)
        }
    }

    @Test("a setting's bad value is told with the place that it comes from")
    func blame() async throws {
        let inEnvironment = await #expect(throws: CommandFailure.self) {
            try await configuration(environment: ["WGW_LOG_LEVEL": "loud"])
        }
        #expect(inEnvironment?.description.hasPrefix("WGW_LOG_LEVEL must") == true)

        let file = try TemporaryFile("log-level: loud\n", suffix: ".yaml")
        let inFile = await #expect(throws: CommandFailure.self) {
            try await configuration(file: file.path)
        }
        #expect(inFile?.description.hasPrefix("log-level in \(file.path) must") == true)
    }

    @Test("the API key setting may be a file of one line")
    func keyFile() async throws {
        for ending in ["", "\n", "\r\n", " \n\n"] {
            let file = try TemporaryFile("KEY-of-sixteen-or-more\(ending)")
            for (options, environment) in [
                (["api-key-file": file.path], [:]), ([:], ["WGW_API_KEY_FILE": file.path]),
            ] {
                let key = try await configuration(options: options, environment: environment).apiKey
                #expect(key?.text == "KEY-of-sixteen-or-more")
                #expect(key?.path == file.path)
                #expect(key?.isInOptions == false)
            }
        }
        let text = "KEY-of-sixteen-or-more"
        #expect(try await configuration(options: ["api-key": text]).apiKey?.isInOptions == true)
        let hidden = try await configuration(environment: ["WGW_API_KEY": text]).apiKey
        #expect(hidden?.isInOptions == false)
    }

    @Test(
        "an API key file without an API key is refused, and its content is not repeated",
        arguments: [
            "", "hunter2\n", "hunter2-hunter2 hunter2\n",
            "hunter2-hunter2-hunter2\nhunter2-hunter2\n",
            String(repeating: "hunter2", count: 1_000),
        ]
    )
    func badKeyFile(contents: String) async throws {
        let file = try TemporaryFile(contents)
        let problem = await #expect(throws: CommandFailure.self) {
            try await configuration(options: ["api-key-file": file.path])
        }
        let sentence = try #require(problem).description
        #expect(sentence.hasPrefix("--api-key-file: \(file.path) "))
        #expect(!sentence.contains("hunter2"))
    }

    @Test(
        "an API key and an API key file together are refused, and so is a file that does not exist"
    )
    func twoKeys() async throws {
        let file = try TemporaryFile("KEY-of-sixteen-or-more\n")
        let two = await #expect(throws: CommandFailure.self) {
            try await configuration(
                options: ["api-key-file": file.path],
                environment: ["WGW_API_KEY": "KEY-of-sixteen-or-more"]
            )
        }
        #expect(two?.description.contains("give one") == true)
        let missing = await #expect(throws: CommandFailure.self) {
            try await configuration(options: ["api-key-file": "/nonexistent/key"])
        }
        #expect(missing?.description.contains("No such file") == true)
    }

    @Test("the text of a refused API key setting is not repeated")
    func secretIsNotRepeated() async throws {
        let problem = await #expect(throws: CommandFailure.self) {
            try await configuration(options: ["api-key": "hunter2"])
        }
        #expect(problem?.description.contains("hunter2") == false)
    }

    @Test("private services are a list in the config file, as YAML or JSON")
    func services() async throws {
        let yaml = """
            private-services:
            - name: sip
              prefixes: [192.0.2.0/24, 192.0.3.7/32]
              protocol: udp
              ports: [5060, 10000-20000]
              regions: [local]
              description: Calls
            - name: db
              prefixes:
              - 10.0.0.0/8
              allow_private_prefixes: true
            """
        let file = try TemporaryFile(yaml, suffix: ".yaml")
        let shown = "\(try await configuration(file: file.path).privateServices)"
        for part in [
            #"name: "sip", description: Optional("Calls")"#, "192.0.2.0/24, 192.0.3.7/32",
            "5060, 10000-20000", "TransportProtocol.udp", #"regionCodes: Optional(["local"])"#,
            #"name: "db", description: nil"#, "allowsPrivatePrefixes: true",
        ] { #expect(shown.contains(part), "\(part): \(shown)") }
        let other = try TemporaryFile("workers: 7\n" + yaml, suffix: ".yaml")
        #expect(try await configuration(file: other.path).workers == 7)
    }

    @Test(
        "a config file that cannot be used is refused",
        arguments: [
            ("regoin: x\n", ".yaml", "unknown key regoin"),
            ("serve:\n  region: x\n", ".yaml", "unknown key serve"),
            ("'regoin' : x\n", ".yaml", "unknown key regoin"),
            ("{region: x, ? regoin\n: y}\n", ".yaml", "unknown key regoin"),
            ("region: x\n? [a, b]\n: y\n", ".yaml", "not a YAML mapping"),
            ("master-key: x\n", ".yaml", "unknown key master-key"),
            ("config: other.yaml\n", ".yaml", "unknown key config"),
            ("region:\n  code: x\n", ".yaml", "must be a single value"),
            (#"{"region": {"code": "x"}}"#, ".json", "must be a single value"),
            (#"{"serve": {"region": "x"}}"#, ".json", "unknown key serve"),
            (#"{"regoin": "x"}"#, ".json", "unknown key regoin"),
            ("[1, 2]", ".json", "not a JSON object"),
            ("- a\n- b\n", ".yaml", "not a YAML mapping"),
            ("region: x\n", ".toml", "must end in"),
            ("region: [x, y]\n", ".yaml", "must be a single value"),
            ("private-services: sip\n", ".yaml", "private-services in "),
            ("private-services: sip\n", ".yaml", "must be a list"),
            (
                "private-services: [{name: sip, prefix: 192.0.2.0/24}]\n", ".yaml",
                "must be a list of"
            ),
            (
                "private-services:\n- name: sip\n  prefixes: [192.0.2.0/24, 10.0.0.0/8]\n", ".yaml",
                "private-services[0].prefixes[1] overlaps 10.0.0.0/8, addresses for use inside"
            ),
            (
                "private_services: [{name: sip, prefixes: [198.51.100.0/24]}]\n", ".yaml",
                "contains 198.51.100.7, where the gateways are"
            ),
            (
                #"{"private-services": [{"name": "sip", "prefixes": ["192.0.2.0/24"], "regions": ["x"]}]}"#,
                ".json", "private-services[0].regions[0] names no region of this server"
            ),
            ("prices: 10\n", ".yaml", "must be a list"),
            ("prices: []\n", ".yaml", "but it is empty"),
            (
                "prices:\n- {from: 2026-11, currency: EUR}\n- {from: 2026-11, currency: EUR}\n",
                ".yaml",
                "but two entries are from 2026-11"
            ),
            (
                "prices: [{from: 2026-11, currency: EUR, gateways: 1}]\n", ".yaml",
                "but entry 1 has 'gateways', which is none of from, currency, gateway, peer, gigabyte"
            ),
            (
                "prices: [{from: 2026-11, currency: EUR, gateway: '10,00'}]\n", ".yaml",
                "but 'gateway' of entry 1 is not a price from 0 to a million"
            ),
            (
                "prices: [{from: 2026-11, currency: EUR, gigabyte: {internt: 1}}]\n", ".yaml",
                "but 'gigabyte' of entry 1 has 'internt', which is none of hairpin, link, services, internet"
            ),
            ("a: &a [x, x]\nb: &b [*a, *a]\n", ".yaml", "line 1 of "),
            ("region: *a\n", ".yaml", "anchors and aliases ('&', '*') are not taken"),
            ("egress-pool: 100.64.0.0/30\n", ".yaml", "must be an IPv4 network"),
            ("egress-pool: 198.51.0.0/16\n", ".yaml", "must not hold 198.51.100.7"),
        ]
    )
    func badFiles(contents: String, suffix: String, complaint: String) async throws {
        let file = try TemporaryFile(contents, suffix: suffix)
        let problem = await #expect(throws: CommandFailure.self) {
            try await configuration(file: file.path)
        }
        #expect(problem?.description.contains(complaint) == true, "\(problem?.description ?? "")")
    }
}
