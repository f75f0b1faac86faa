import APIContract
import JSON
import Testing

@testable import GatewayClient

struct APICallTests {
    @Test("names and values of a query are percent-encoded, whatever they hold")
    func query() {
        let call = APICall(
            .get,
            "networks",
            query: [("filter[name]", "a b&c=d/ü"), ("page[size]", "250")]
        )
        #expect(
            call.target == "/v2/networks?filter%5Bname%5D=a%20b%26c%3Dd%2F%C3%BC&page%5Bsize%5D=250"
        )
        #expect(APICall(.get, "regions").target == "/v2/regions")
    }

    @Test("a lost request is repeated where it only reads or has an idempotency key")
    func repetition() throws {
        let url = try #require(ServerURL("http://127.0.0.1:8080"))
        let lost = ClientError.uncertain(url, reason: "reset")
        var post = APICall(.post, "networks")
        for (call, isRepeated) in [
            (APICall(.get, "networks"), true), (post, false), (APICall(.delete, "x"), false),
            (APICall(.patch, "x"), false),
        ] {
            var pause = RetryPause()
            #expect((pause.next(after: lost, of: call) != nil) == isRepeated, "\(call.method)")
        }
        post.idempotencyKey = APICall.newIdempotencyKey()
        var pause = RetryPause()
        let waits = (0..<5).map { _ in pause.next(after: lost, of: post) }
        #expect(
            waits == [.milliseconds(100), .milliseconds(300), .milliseconds(900), nil, nil]
        )
    }

    @Test("a server that asks for patience is waited for, whatever the request is")
    func tooManyRequests() {
        let refusal = Refusal(status: 429, entries: [], requestID: nil, retryAfter: 7)
        var pause = RetryPause()
        #expect(pause.next(after: .refused(refusal), of: APICall(.patch, "x")) == .seconds(7))
        let missing = Refusal(status: 404, entries: [], requestID: nil, retryAfter: nil)
        #expect(pause.next(after: .refused(missing), of: APICall(.get, "x")) == nil)
    }
}
