import APIContract
import CommandLineProgram
import Testing

@testable import GatewayClient
@testable import wgw

struct ClientFailureTests {
    private static let url = ServerURL("http://127.0.0.1:9")

    private static func refusal(_ status: Int, _ entries: [ErrorEntry] = []) -> Refusal {
        Refusal(
            status: status,
            entries: Envelope.errors(in: Envelope.errors(entries)) ?? [],
            requestID: nil,
            retryAfter: nil
        )
    }

    @Test(
        "each answer of the server has one exit status",
        arguments: [
            (404, ErrorCode.notFound, CommandLineProgram.ExitStatus.notFound),
            (422, .unknownAssociation, .notFound), (401, .unauthenticated, .denied),
            (403, .forbidden, .denied), (403, .accountInactive, .denied),
            (409, .beingProcessed, .conflict), (412, .badRequest, .conflict),
            (422, .duplicate, .conflict), (422, .inUse, .conflict),
            (422, .networkInUse, .conflict), (422, .limited, .conflict),
            (422, .badRequest, .failed), (422, .outOfRange, .failed), (500, .unexpected, .failed),
            (503, .unavailable, .unreachable),
        ]
    )
    func refused(status: Int, code: ErrorCode, exit: CommandLineProgram.ExitStatus) {
        let refusal = Self.refusal(status, [ErrorEntry(code, "It is so.")])
        #expect(CommandFailure.status(.refused(refusal)) == exit)
    }

    @Test("a server that is not reached and one that does not answer have statuses of their own")
    func transport() throws {
        let url = try #require(Self.url)
        #expect(CommandFailure.status(.unreachable(url, reason: "")) == .unreachable)
        #expect(CommandFailure.status(.untrusted(url, reason: "")) == .unreachable)
        #expect(CommandFailure.status(.timedOut(url, after: .seconds(30))) == .timedOut)
        #expect(CommandFailure.status(.uncertain(url, reason: "")) == .failed)
        // A proxy in front of the server, whose answer is none of this API.
        #expect(CommandFailure.status(.refused(Self.refusal(502))) == .unreachable)
    }

    @Test("what the server has against a member is told with the option that set it")
    func options() {
        let refusal = Self.refusal(
            422,
            [
                ErrorEntry(
                    .outOfRange,
                    "'persistent_keepalive' is far.",
                    .pointer("/persistent_keepalive")
                ),
                ErrorEntry(.badRequest, "'allowed_ips.1' overlaps it.", .pointer("/allowed_ips/1")),
                ErrorEntry(.stringLength, "'name' is long.", .pointer("/name")),
                ErrorEntry(.badRequest, "'cidr' overlaps.", .pointer("/cidr")),
                ErrorEntry(.unknownAssociation, "'next_hop.id' is gone.", .pointer("/next_hop/id")),
                ErrorEntry(.badRequest, "'node_id' is away.", .pointer("/node_id")),
                ErrorEntry(.duplicate, "Another peer has this key.", .pointer("/public_key")),
            ]
        )
        #expect(
            refusal.text(calling: RequestOption.name(of:)) == """
                --keepalive is far. value 2 of --allowed-ips overlaps it. the name is long. the prefix \
                overlaps. --peer is gone. --node is away. Another peer has this key.
                """
        )
        #expect(refusal.concerns("/name") && !refusal.concerns("/address"))
    }
}
