package import FoundationEssentials

/// The name of one object. `Kind` only keeps a peer's id from being used as a gateway's.
package struct Identifier<Kind>: Hashable, Sendable {
    package let uuid: UUID

    package init(uuid: UUID) {
        self.uuid = uuid
    }

    /// - Parameter bytes: 16, in the order of the text; more are ignored.
    package init(bytes: UnsafeRawBufferPointer) {
        self.init(uuid: UUID(uuid: bytes.loadUnaligned(as: uuid_t.self)))
    }

    package func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try withUnsafeBytes(of: uuid.uuid, body)
    }

    /// Version 4 of RFC 9562, from the kernel's generator by system call: it ends the process where
    /// it fails. `UUID()` opens a device for that, and goes on without where no descriptor is free.
    package static func random() -> Self {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    static func random(using generator: inout some RandomNumberGenerator) -> Self {
        let version: UInt128 = 4 << 76
        let variant: UInt128 = 2 << 62
        let fixed: UInt128 = 15 << 76 | 3 << 62
        let random = UInt128.random(in: .min ... .max, using: &generator)
        return Self(bits: random & ~fixed | version | variant)
    }

    private init(bits: UInt128) {
        self.init(
            uuid: withUnsafeBytes(of: bits.bigEndian) { UUID(uuid: $0.load(as: uuid_t.self)) }
        )
    }
}

extension Identifier: LosslessStringConvertible {
    /// The 36 characters of RFC 9562 section 4, in either case.
    package init?(_ text: String) {
        var text = text
        let bits: UInt128? = text.withUTF8 { text in
            guard text.count == 36 else { return nil }
            var bits: UInt128 = 0
            for (index, byte) in text.enumerated() {
                if isHyphen(at: index) {
                    guard byte == UInt8(ascii: "-") else { return nil }
                } else {
                    guard let digit = hexValue(byte) else { return nil }
                    bits = bits << 4 | UInt128(digit)
                }
            }
            return bits
        }
        guard let bits else { return nil }
        self.init(bits: bits)
    }

    package var description: String {
        let bits = withUnsafeBytes(of: uuid.uuid) {
            UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self))
        }
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 36) { text in
            var shift = 128
            for index in 0..<36 {
                if isHyphen(at: index) {
                    text[index] = UInt8(ascii: "-")
                } else {
                    shift -= 4
                    text[index] =
                        digits.utf8Start[Int(truncatingIfNeeded: bits >> UInt128(shift) & 15)]
                }
            }
            return 36
        }
    }
}

private func isHyphen(at index: Int) -> Bool {
    index == 8 || index == 13 || index == 18 || index == 23
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}

extension Identifier: Comparable {
    /// The order of the texts, which is the order of a database that holds them as text.
    package static func < (left: Self, right: Self) -> Bool {
        left.uuid < right.uuid
    }
}

package typealias OrganizationID = Identifier<Organization>
package typealias APIKeyID = Identifier<APIKey>
package typealias UserID = Identifier<User>
package typealias PrincipalID = Identifier<Principal>
package typealias SessionID = Identifier<Session>
package typealias NetworkID = Identifier<Network>
package typealias GatewayID = Identifier<Gateway>
package typealias PeerID = Identifier<Peer>
package typealias NodeID = Identifier<GatewayNode>
package typealias PeerShareID = Identifier<PeerShare>
package typealias PeerConfigURLID = Identifier<PeerConfigURL>
package typealias DefaultGatewayID = Identifier<DefaultGateway>
package typealias InternetGatewayID = Identifier<InternetGateway>
package typealias PrivateServiceID = Identifier<PrivateService>
package typealias NetworkRouteID = Identifier<NetworkRoute>
package typealias BackboneLinkID = Identifier<BackboneLink>
package typealias WebhookID = Identifier<Webhook>
