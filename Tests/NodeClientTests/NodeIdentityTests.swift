import GatewayClient
import GatewayDomain
import NodeProtocol
import Testing
import WireGuardCrypto

@testable import NodeClient

struct NodeIdentityTests {
    private static let first = fingerprint("a")
    private static let second = fingerprint("b")
    private static let third = fingerprint("c")

    private static func fingerprint(_ digit: String) -> CertificateFingerprint {
        CertificateFingerprint(ofDER: Array(digit.utf8))
    }

    private static func identity(
        _ fingerprint: CertificateFingerprint?,
        token: JoinToken? = nil
    ) throws -> NodeIdentity {
        NodeIdentity(
            nodeID: .random(),
            server: try #require(ServerURL("https://vpn.example.com")),
            fingerprint: fingerprint,
            privateKey: SecretKey { $0[0] = 7 },
            tokenHash: token.map(NodeIdentity.hash(of:)),
            credential: IssuedCredential(
                text: "c",
                expiresAt: Timestamp(microseconds: 2),
                renewsAt: Timestamp(microseconds: 1)
            )
        )
    }

    /// Whether each of these announcements changed anything, one after the other.
    private static func follow(
        _ announced: CertificateFingerprint...,
        by identity: inout NodeIdentity
    ) -> [Bool] {
        announced.map { identity.follow($0) }
    }

    /// Which of the three it trusts.
    private static func trusted(by identity: NodeIdentity) -> [Bool] {
        [first, second, third].map(identity.trusts)
    }

    @Test("a certificate that the server announces is trusted beside the one that is known")
    func announced() throws {
        var identity = try Self.identity(Self.first)
        #expect(Self.trusted(by: identity) == [true, false, false])
        let changes = Self.follow(Self.first, Self.second, by: &identity)
        #expect(changes == [false, true])
        #expect(Self.trusted(by: identity) == [true, true, false])
    }

    @Test("the certificate before is trusted until the server shows the next one, or takes it back")
    func inUse() throws {
        var identity = try Self.identity(Self.first)
        let used = Self.follow(Self.second, Self.second, by: &identity)
        #expect(used == [true, true])
        #expect(Self.trusted(by: identity) == [false, true, false])
        let takenBack = Self.follow(Self.third, Self.second, by: &identity)
        #expect(takenBack == [true, true])
        #expect(Self.trusted(by: identity) == [false, true, false])
    }

    @Test("where an authority vouches for the server, announced certificates pin nothing")
    func authority() throws {
        var identity = try Self.identity(nil)
        let changes = Self.follow(Self.first, by: &identity)
        #expect(changes == [false])
        #expect(identity.fingerprint == nil)
        #expect(Self.trusted(by: identity) == [false, false, false])
    }

    @Test("a token that a machine has joined with is known again, and no other one is")
    func tokens() throws {
        func token(_ secret: String) -> JoinToken {
            JoinToken(
                serverURL: "https://vpn.example.com",
                fingerprint: nil,
                nodeID: .random(),
                secret: secret
            )
        }
        let used = token("s")
        let identity = try Self.identity(Self.first, token: used)
        #expect(identity.hasJoined(with: used))
        #expect(!identity.hasJoined(with: token("t")))
    }
}
