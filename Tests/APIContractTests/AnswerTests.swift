import GatewayDomain
import JSON
import OpenAPI
import Testing

@testable import APIContract

struct AnswerTests {
    @Test("every answer is read back as the object that it was written from")
    func roundTrip() throws {
        for example in try AnswerExample.all() + AnswerExample.stored() {
            #expect(try example.differences() == [], "\(example)")
        }
    }

    @Test("the schema of every answer accepts what is written")
    func schemas() throws {
        let checker = SchemaChecker()
        for example in try AnswerExample.all() {
            let complaints = checker.complaints(about: example.json, example.schema)
            #expect(complaints == [], "\(example)")
        }
    }

    @Test(
        "of what no request may bring, the schemas of answers refuse an empty name and an MTU of 0"
    )
    func storedSchemas() throws {
        let checker = SchemaChecker()
        let complaints = try AnswerExample.stored().flatMap { example in
            checker.complaints(about: example.json, example.schema).map {
                "\(example.testDescription)\($0)"
            }
        }
        #expect(
            complaints == [
                #"Organization: of a damaged row/name: minLength refuses """#,
                #"APIKey: of a damaged row/name: minLength refuses """#,
                #"User: of a damaged row/name: minLength refuses """#,
                #"Network: of a damaged row/name: minLength refuses """#,
                "Gateway: of a damaged row/mtu: minimum refuses 0",
            ]
        )
    }

    @Test("every schema of an answer is tried by an example, and each of its members is written")
    func coverage() throws {
        let examples = Dictionary(grouping: try AnswerExample.all(), by: \.schemaName)
        for (name, schema) in Contracts.answers {
            let declared = schema.json["properties"]?.names ?? []
            let written = (examples[name] ?? []).map(\.json.names)
            #expect(written.contains(declared), "\(name) has \(declared)")
        }
    }

    @Test("a value of the wrong type is refused where it stands, in every place of every answer")
    func misfits() throws {
        for example in try AnswerExample.all() + AnswerExample.stored() {
            for misfit in example.json.misfits where !misfit.pointer.isInsideState {
                let error = #expect(throws: FieldProblem.self) { try example.decode(misfit.json) }
                #expect(error?.pointer == misfit.pointer, "\(example)")
            }
        }
    }

    @Test("a secret is left out of every answer but the one that discloses it")
    func secrets() throws {
        let secrets: Set = ["private_key", "preshared_key", "api_key", "config", "qr"]
        let showing = try AnswerExample.all().filter { !secrets.isDisjoint(with: $0.json.names) }
        #expect(
            showing.map(\.testDescription) == [
                "APIKey: restricted, as it was made", "Peer: with its secrets",
            ]
        )
    }

    @Test("a client reads typed values, and ignores what a later server may add")
    func decoded() throws {
        let region = Region(
            code: "local",
            name: "Here",
            createdAt: Timestamp(microseconds: 0),
            updatedAt: Timestamp(microseconds: 1)
        )
        guard case .object(var json) = region.json else { return }
        json.add("tomorrow", .bool(true))
        let decoded = try Region.contract.decode(.object(json))
        #expect(decoded.code == "local")
        #expect(decoded.updatedAt == Timestamp(microseconds: 1))
        #expect(decoded.supportedInterfaces == ["wireguard_interface"])
    }

    @Test("words that a later server has are read as they are, inside of an answer as well")
    func laterWords() throws {
        let known = Finding(.healthy, .ok, "The peer is connected.", nextStep: nil)
        let diagnosis = PeerDiagnosis(
            peerID: .random(),
            gatewayID: .random(),
            checkedAt: Timestamp(microseconds: 0),
            observedSince: Timestamp(microseconds: 0),
            findings: [known],
            drops: []
        )
        let text = diagnosis.json.encoded.replacing(#""healthy""#, with: #""sleepy""#)
            .replacing(#""ok""#, with: #""fine""#)
        let decoded = try PeerDiagnosis.contract.decode(try JSONParser.parse(Array(text.utf8)))
        #expect(decoded.severity == .other("fine") && decoded.severity.text == "fine")
        #expect(decoded.severity.known == nil && decoded.severity != .ok)
        let finding = try #require(decoded.findings.first)
        #expect(finding.code.text == "sleepy" && finding.severity.text == "fine")
        #expect(finding.certainty == .certain && finding.message == "The peer is connected.")
        #expect(Part.made(known).code == .healthy)
    }
}

extension String {
    /// What an event says of its object is not read any further.
    fileprivate var isInsideState: Bool {
        hasPrefix("/before/") || hasPrefix("/after/")
    }
}

extension JSONValue {
    var names: [String] {
        guard case .object(let object) = self else { return [] }
        return object.members.map(\.name)
    }
}
