import GatewayDomain
import Testing

@testable import GatewayService

struct FieldReaderTests {
    private static let wrong = FieldProblem("/mtu", .wrongType(expected: "integer"))

    @Test("everything that is wrong is reported, in the order in which it was read")
    func collects() {
        var reader = FieldReader()
        _ = reader.required(Field<String>(.absent, at: "/name"))
        _ = reader.optional(Field<Int>(.wrong(Self.wrong), at: "/mtu"))
        _ = reader.optional(Field(.value(true), at: "/suspended")) { _ in .invalid("is too late") }
        reader.report(Field(.value("x"), at: "/public_key"), .unknownAssociation)
        let problems = [
            FieldProblem("/name", .missing), Self.wrong,
            FieldProblem("/suspended", .invalid("is too late")),
            FieldProblem("/public_key", .unknownAssociation),
        ]
        #expect(throws: ServiceError.invalid(problems)) {
            try reader.finish { _ in Issue.record("it goes on in spite of problems") }
        }
    }

    @Test("null equals absence, for required and for optional fields")
    func null() throws {
        var reader = FieldReader()
        #expect(reader.optional(Field<Int>.null) == nil)
        try reader.finish()
        _ = reader.required(Field<Int>(.null, at: "/mtu"))
        #expect(throws: ServiceError.invalid([FieldProblem("/mtu", .missing)])) {
            try reader.finish()
        }
    }

    @Test("a default takes the place of a field that is absent, and of none that is wrong")
    func defaults() throws {
        var reader = FieldReader()
        let absent = reader.value(Field<Int>.absent, default: 7)
        #expect(try reader.finish { try $0.value(absent) } == 7)
        let wrong = reader.value(Field<Int>(.wrong(Self.wrong)), default: 7)
        #expect(wrong.known == nil)
        #expect(throws: ServiceError.invalid([Self.wrong])) { try reader.finish() }
    }

    @Test("what a field names is looked for only if the field is right")
    func existing() throws {
        var reader = FieldReader()
        let field = Field<String>(.value("x"), at: "/region_code")
        let found = reader.existing(reader.required(field), of: field) { "\($0)!" }
        #expect(try reader.finish { try $0.value(found) } == "x!")
        let wrong = Field<Int>(.wrong(Self.wrong), at: "/mtu")
        _ = reader.existing(reader.required(wrong), of: wrong) { _ -> Int? in
            Issue.record("it looks for what is wrong")
            return nil
        }
        _ = reader.existing(reader.required(field), of: field, else: .unknownRegion) { _ -> Int? in
            nil
        }
        let problems = [Self.wrong, FieldProblem("/region_code", .unknownRegion)]
        #expect(throws: ServiceError.invalid(problems)) { try reader.finish() }
    }

    @Test("a value that another reader reported is never taken for a right one")
    func otherReader() {
        var other = FieldReader()
        let wrong = other.required(Field<Int>(.wrong(Self.wrong)))
        #expect(throws: ServiceError.invalid([Self.wrong])) {
            try FieldReader().finish { try $0.value(wrong) }
        }
    }
}
