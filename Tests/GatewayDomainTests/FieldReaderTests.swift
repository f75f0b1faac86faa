import GatewayDomain
import Testing

struct FieldReaderTests {
    @Test("every problem of a request's fields is reported, in the order in which they are read")
    func collects() {
        var reader = FieldReader()
        _ = reader.name(reader.required(Field<String>.absent, "/name"))
        _ = reader.number(.value(1_000), in: FieldReader.mtus, "/mtu")
        _ = reader.optional(Field<Bool>.wrongType, "/enable_sip_trunking")
        _ = reader.publicKey(.value("nonsense"))
        #expect(
            reader.problems.map(\.pointer)
                == ["/name", "/mtu", "/enable_sip_trunking", "/public_key"]
        )
        #expect(reader.problems[0].reason == .missing)
        #expect(reader.problems[1].reason == .outOfRange(1_280...9_200))
        #expect(reader.problems[2].reason == .wrongType(expected: "boolean"))
        #expect(throws: ServiceError.invalid(reader.problems)) { try reader.finish() }
    }

    @Test("a field that is null is read like one that is absent")
    func null() {
        var reader = FieldReader()
        #expect(reader.optional(Field<Int>.null, "/mtu") == nil)
        #expect(reader.problems.isEmpty)
        #expect(reader.required(Field<Int>.null, "/mtu") == nil)
        #expect(reader.problems == [FieldProblem("/mtu", .missing)])
    }

    @Test(
        "a public key of any other form than 44 base64 characters is refused",
        arguments: [
            "", "AAAA", String(repeating: "A", count: 43) + "=",
            "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw",
            "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykx=",
            " HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=",
        ]
    )
    func publicKeys(text: String) {
        var reader = FieldReader()
        #expect(reader.publicKey(.value(text)) == nil)
        #expect(reader.problems.map(\.pointer) == ["/public_key"])
    }

    @Test("the bounds of a number field's range belong to it", arguments: [0, 65_535])
    func bounds(seconds: Int) {
        var reader = FieldReader()
        let range = FieldReader.keepaliveSeconds
        #expect(reader.number(.value(seconds), in: range, "/persistent_keepalive") == seconds)
        #expect(reader.number(.value(65_536), in: range, "/persistent_keepalive") == nil)
        #expect(reader.number(.value(-1), in: range, "/persistent_keepalive") == nil)
        #expect(reader.problems.count == 2)
    }

    @Test(
        "a field that is no address block is refused, and host bits are not silently cut",
        arguments: ["10.0.0.5/24", "10.0.0.0", "x", "::/64"]
    )
    func prefixes(text: String) {
        var reader = FieldReader()
        #expect(reader.prefix(.value(text), "/subnet") == nil)
        #expect(reader.problems.count == 1)
    }
}
