import GatewayDomain
import JSON
import NetAddress
import OpenAPI
import Testing
import WireGuardCrypto

@testable import APIContract

/// An object that answers show, without its type.
struct AnswerExample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let schemaName: String
    let schema: Schema
    /// As it is when it comes over the wire.
    let json: JSONValue
    /// Throws for JSON that cannot be read as this kind of object.
    let decode: @Sendable (JSONValue) throws(FieldProblem) -> Void
    /// The members that are read back as something else than what was written.
    let differences: @Sendable () throws -> [String]

    init<Object: APIObject>(_ object: Object, _ description: String) throws {
        testDescription = "\(Object.contract.name): \(description)"
        schemaName = Object.contract.name
        schema = Object.contract.schema
        let json = try JSONParser.parse(Array(object.json.encoded.utf8))
        self.json = json
        decode = { (json) throws(FieldProblem) in _ = try Object.contract.decode(json) }
        differences = {
            guard case .object(let body) = json else { return ["is no object"] }
            return try Object.contract.list.compactMap { member in
                try Self.isSame(member, object, body) ? nil : member.name
            }
        }
    }

    private static func isSame<Member: ListedMember>(
        _ member: Member,
        _ object: Member.Object,
        _ body: JSONObject
    ) throws -> Bool {
        let read = try member.decode(body[member.name], "/\(member.name)")
        if let read = read as? JSONValue, let written = member.value(object) as? JSONValue {
            return read.encoded == written.encoded
        }
        let written = try #require(member.value(object) as? any Equatable)
        return isEqual(written, read)
    }

    private static func isEqual<Value: Equatable>(_ written: Value, _ read: any Sendable) -> Bool {
        written == read as? Value
    }
}
