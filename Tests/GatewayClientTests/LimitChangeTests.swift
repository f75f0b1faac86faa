import APIContract
import GatewayDomain
import JSON
import Testing

@testable import GatewayClient

@Suite("Limits are changed out of what they were")
struct LimitChangeTests {
    /// Limits of a peer, which another caller may change after each time they are read.
    private final class Server {
        private let peer = PeerID.random()
        /// Nil before they are set.
        var rates: (received: Int, sent: Int)?
        var version = 1
        var interferences: Int
        private(set) var calls: [String] = []

        init(rates: (received: Int, sent: Int)?, interferences: Int) {
            self.rates = rates
            self.interferences = interferences
        }

        var subject: LimitSubject { .peer(peer) }

        func answer(_ call: APICall) throws(ClientError) -> APIResponse {
            calls.append("\(call.method) \(call.ifMatch ?? "any")")
            switch call.method {
            case .get:
                guard let rates else { throw Self.refusal(404) }
                let answer = shown(rates)
                if interferences > 0 {
                    interferences -= 1
                    self.rates = (rates.received, rates.sent + 1_000)
                    version += 1
                }
                return answer
            default:
                guard call.ifMatch == rates.map({ _ in tag }) else { throw Self.refusal(412) }
                guard case .object(let body)? = call.body,
                    case .integer(let received)? = body["rx_rate"],
                    case .integer(let sent)? = body["tx_rate"]
                else { throw Self.refusal(422) }
                rates = (received, sent)
                version += 1
                return shown((received, sent))
            }
        }

        private var tag: String { "W/\"\(version)\"" }

        private func shown(_ rates: (received: Int, sent: Int)) -> APIResponse {
            let text = """
                {"data":{"record_type":"limits","subject_type":"wireguard_peer","subject_id":"\(peer)","subject_name":null,\
                "organization_id":"\(OrganizationID.random())","network_id":null,"wireguard_interface_id":null,\
                "rx_rate":\(rates.received),"tx_rate":\(rates.sent),"quota":null,"connected_peers":null,\
                "quota_use":null,"created_at":"2026-11-20T10:30:00.000000Z","updated_at":"2026-11-20T10:30:00.000000Z"}}
                """
            return APIResponse(status: 200, bytes: Array(text.utf8), entityTag: tag)
        }

        private static func refusal(_ status: Int) -> ClientError {
            .refused(Refusal(status: status, entries: [], requestID: nil, retryAfter: nil))
        }

        /// Another rate from the peer, and the other way as it is.
        func change() async throws {
            _ = try await GatewayClient.changeLimits(of: subject) { old in
                var request = NewLimits()
                request.rxRate = .value(5_000)
                request.txRate = .value(old?.txRate ?? 2_000)
                return request
            } _: { call throws(ClientError) in
                try self.answer(call)
            }
        }
    }

    @Test("what another caller sets meanwhile is kept")
    func interference() async throws {
        let server = Server(rates: (1_000, 1_000), interferences: 1)
        try await server.change()
        #expect(server.rates?.received == 5_000 && server.rates?.sent == 2_000)
        #expect(server.calls == ["get any", "put W/\"1\"", "get any", "put W/\"2\""])
    }

    @Test("the first limits are set without a version")
    func first() async throws {
        let server = Server(rates: nil, interferences: 0)
        try await server.change()
        #expect(server.calls == ["get any", "put any"])
    }

    @Test("limits that change again and again are given up at the second time")
    func givenUp() async throws {
        let server = Server(rates: (1_000, 1_000), interferences: 2)
        await #expect(throws: ClientError.self) { try await server.change() }
        #expect(server.calls.count == 4)
        #expect(server.rates?.received == 1_000)
    }
}
