import JSON
import Testing

@Suite("The JSON reader")
struct JSONParserTests {
    @Test("the JSON parser reads every kind of value and keeps the members' order")
    func everyKind() throws {
        let text =
            #" { "z" : [ 1 , -2 , 0 , 1.5e-3 ] , "a" : { } , "t" : true , "f" : false , "n" : null , "s" : "x" } "#
        #expect(
            try parse(text) == [
                "z": .array([.integer(1), .integer(-2), .integer(0), .number("1.5e-3")]),
                "a": .object(JSONObject()),
                "t": .bool(true),
                "f": .bool(false),
                "n": .null,
                "s": "x",
            ]
        )
    }

    @Test(
        "the JSON parser reads every kind of escape",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u20AC""#, "Aé€"),
            (#""\uD83D\uDE00""#, "😀"),
            (#""\u0000""#, "\u{0}"),
            ("\"é😀\"", "é😀"),
        ]
    )
    func escapes(text: String, expected: String) throws {
        #expect(try parse(text) == .string(expected))
    }

    @Test(
        "the JSON parser refuses text that is not JSON",
        arguments: [
            "", " ", "{", "}", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1,",
            "{\"a\":1,}",
            "{a:1}", "{'a':1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "tru", "truex", "nul", "NaN",
            "Infinity",
            "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "1 2", "\"", "\"\\", "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12G4\"", "\"\\uD800\"", "\"\\uD800x\"", "\"\\uD800\\u0041\"", "\"\\uDC00\"",
            "\"\n\"", "\"\u{0}\"", "[1]]", "/* */1", "\u{FEFF}{}",
        ]
    )
    func malformed(text: String) {
        #expect {
            try parse(text)
        } throws: { error in
            guard case JSONError.malformed = error else { return false }
            return true
        }
    }

    @Test("the JSON parser refuses a repeated member at every level, however it is spelled")
    func repeated() {
        for text in [
            #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"[{"b":{"a":1,"c":2,"a":3}}]"#,
        ] {
            #expect(throws: JSONError.self) { try parse(text) }
        }
    }

    @Test("the JSON parser bounds the nesting of arrays and objects, with and without an end")
    func depth() throws {
        let deepest = JSONParser.maximumDepth
        _ = try parse(
            String(repeating: "[", count: deepest) + String(repeating: "]", count: deepest)
        )
        #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: deepest + 1)) }
        #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 1 << 20)) }
        #expect(throws: JSONError.self) {
            try parse(String(repeating: #"{"a":"#, count: 200_000))
        }
    }

    @Test("the JSON parser does not count values beside each other as nesting")
    func wide() throws {
        let text = "[" + Array(repeating: "[]", count: 10_000).joined(separator: ",") + "]"
        #expect(try parse(text) == .array(Array(repeating: .array([]), count: 10_000)))
    }

    @Test(
        "the JSON parser reads an integer too large as the largest, which is out of every range",
        arguments: [
            ("9223372036854775807", Int.max), ("9223372036854775808", .max),
            ("-9223372036854775809", .min), (String(repeating: "9", count: 5_000), .max),
        ]
    )
    func hugeIntegers(text: String, expected: Int) throws {
        #expect(try parse(text) == .integer(expected))
    }

    @Test(
        "the JSON parser reads a number without a fractional part as an integer",
        arguments: [
            ("25.0", 25), ("2.5e1", 25), ("2.5E+1", 25), ("250e-1", 25), ("0.0025e4", 25),
            ("25.00000000000000000000000", 25), ("-25.0", -25), ("-0", 0), ("-0.0", 0),
            ("0e99999999999999999999", 0), ("0.000e-5", 0), ("1e3", 1_000), ("100e-2", 1),
            ("9223372036854775807.0", .max), ("922337203685477580700e-2", .max),
            ("9223372036854775808.0", .max), ("1e19", .max), ("1e99999999999999999999", .max),
            ("-9223372036854775808.0", .min), ("-1E400", .min), ("10e-1", 1),
        ]
    )
    func integersOfAnySpelling(text: String, expected: Int) throws {
        #expect(try parse(text) == .integer(expected))
    }

    @Test(
        "the JSON parser keeps the spelling of a number with a fractional part",
        arguments: [
            "25.5", "2.55e1", "1e-1", "0.1", "-0.5", "25e-1", "1e-99999999999999999999",
            "9223372036854775807.5", "99999999999999999999.5", "0.00000000000000000000000001",
        ]
    )
    func fractions(text: String) throws {
        #expect(try parse(text) == .number(text))
    }

    @Test("the JSON parser reads numbers of a megabyte by every digit, whole or not")
    func longNumbers() throws {
        let zeros = String(repeating: "0", count: 1 << 20)
        #expect(try parse("1.\(zeros)") == .integer(1))
        #expect(try parse("1.\(zeros)1") == .number("1.\(zeros)1"))
        #expect(try parse("1\(zeros)e-\(zeros.count)") == .integer(1))
        #expect(try parse("0.\(zeros)7e\(zeros.count + 1)") == .integer(7))
        #expect(try parse("1e\(zeros)2") == .integer(100))
    }

    @Test(
        "the JSON parser refuses bytes that are not UTF-8",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]]
            as [[UInt8]]
    )
    func notUTF8(bytes: [UInt8]) {
        #expect(throws: JSONError.notUTF8) {
            try JSONParser.parse([0x22] + bytes + [0x22])
        }
    }

    @Test(
        "the JSON parser reads or refuses every prefix and one-byte change of a body, and never traps"
    )
    func mutations() {
        let body = Array(#"{"name":"a\u00e9\n","n":[1,-2.5e+3,{"k":null}],"b":true}"#.utf8)
        for end in body.indices { _ = try? JSONParser.parse(Array(body[..<end])) }
        for position in body.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = body
                changed[position] = byte
                _ = try? JSONParser.parse(changed)
            }
        }
    }

    private func parse(_ text: String) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8))
    }
}
