package import NetAddress
package import WireGuardCrypto

/// Reads the members of one request and collects everything that is wrong with them. A nil answer
/// means "not there" or "already reported": the verb goes on only if `problems` is empty.
package struct FieldReader: Sendable {
    package static let keepaliveSeconds = 0...65_535
    package static let mtus = 1_280...9_200

    package private(set) var problems: [FieldProblem] = []

    package init() {}

    package mutating func report(_ pointer: String, _ reason: FieldProblem.Reason) {
        problems.append(FieldProblem(pointer, reason))
    }

    /// Throws what was collected.
    package func finish() throws(ServiceError) {
        guard problems.isEmpty else { throw .invalid(problems) }
    }

    package mutating func required<Value: FieldValue>(
        _ field: Field<Value>,
        _ pointer: String
    ) -> Value? {
        switch field {
        case .absent, .null:
            report(pointer, .missing)
            return nil
        case .wrongType, .value:
            return optional(field, pointer)
        }
    }

    package mutating func optional<Value: FieldValue>(
        _ field: Field<Value>,
        _ pointer: String
    ) -> Value? {
        switch field {
        case .absent, .null:
            return nil
        case .wrongType:
            report(pointer, .wrongType(expected: Value.typeName))
            return nil
        case .value(let value):
            return value
        }
    }

    package mutating func name(_ text: String?, _ pointer: String = "/name") -> String? {
        guard let text else { return nil }
        switch ObjectName.check(text) {
        case .success(let name):
            return name
        case .failure(.empty):
            report(pointer, .tooShort(minimum: 1))
        case .failure(.tooLong):
            report(pointer, .tooLong(maximum: ObjectName.maximumLength))
        case .failure(.controlCharacter):
            report(pointer, .invalid("must not contain control characters"))
        case .failure(.hiddenCharacter(let scalar)):
            let code = String(scalar.value, radix: 16, uppercase: true)
            let digits = String(repeating: "0", count: max(4 - code.count, 0)) + code
            report(
                pointer,
                .invalid("must not contain U+\(digits), which hides or reorders text; leave it out")
            )
        }
        return nil
    }

    /// A malformed id is reported as an unknown association.
    package mutating func identifier<Kind>(
        _ text: String?,
        _ pointer: String
    ) -> Identifier<Kind>? {
        guard let text else { return nil }
        guard let id = Identifier<Kind>(text) else {
            report(pointer, .unknownAssociation)
            return nil
        }
        return id
    }

    package mutating func role(_ field: Field<String>, _ pointer: String) -> Role? {
        guard let text = required(field, pointer) else { return nil }
        guard let role = Role(rawValue: text) else {
            report(pointer, .unknownWord(Role.allCases.map(\.rawValue)))
            return nil
        }
        return role
    }

    package mutating func timestamp(_ field: Field<String>, _ pointer: String) -> Timestamp? {
        guard let text = optional(field, pointer) else { return nil }
        guard let time = Timestamp(text) else {
            report(pointer, .invalid("must be a time like 2027-01-31T12:00:00Z (RFC 3339)"))
            return nil
        }
        return time
    }

    package mutating func number(
        _ field: Field<Int>,
        in range: ClosedRange<Int>,
        _ pointer: String
    ) -> Int? {
        guard let value = optional(field, pointer) else { return nil }
        guard range.contains(value) else {
            report(pointer, .outOfRange(range))
            return nil
        }
        return value
    }

    package mutating func prefix(_ field: Field<String>, _ pointer: String) -> IPv4Prefix? {
        guard let text = optional(field, pointer) else { return nil }
        do {
            return try IPv4Prefix(text)
        } catch .hostBitsSet {
            report(pointer, .invalid("has host bits set; write the network, like 172.27.1.0/24"))
        } catch {
            report(pointer, .invalid("must be an IPv4 network like 172.27.1.0/24"))
        }
        return nil
    }

    package mutating func publicKey(_ field: Field<String>) -> PublicKey? {
        guard let text = optional(field, "/public_key") else { return nil }
        guard let key = PublicKey(base64: text) else {
            report("/public_key", .invalid("must be a WireGuard public key: 44 base64 characters"))
            return nil
        }
        // A client sends its key as it was computed, so that a key of another form never connects,
        // and would let one point be two peers.
        guard key.isCanonical, !key.isOfLowOrder else {
            report(
                "/public_key",
                .invalid("must be a key that 'wg pubkey' prints; no private key has this one")
            )
            return nil
        }
        return key
    }

    package mutating func presharedKey(_ text: String) -> SecretKey? {
        let pointer = "/preshared_key"
        guard let key = SecretKey(base64: text) else {
            report(pointer, .invalid("must be a WireGuard key: 44 base64 characters"))
            return nil
        }
        guard key.withBytes({ bytes in bytes.contains { $0 != 0 } }) else {
            report(pointer, .invalid("must not be all zero; leave it out for no preshared key"))
            return nil
        }
        return key
    }
}
