import NIOCore
import Testing

@testable import GatewayClient

struct ConnectErrorTests {
    @Test(
        "a server by its address that is not reached is told as one by its name",
        arguments: [
            (101, "the network has no route to it"), (110, "nothing answers there"),
            (111, "nothing listens there"), (113, "the network has no route to it"),
        ] as [(CInt, String)]
    )
    func unreachable(number: CInt, reason: String) throws {
        let url = try #require(ServerURL("https://192.0.2.77:8443"))
        let error = ClientError(
            IOError(errnoCode: number, reason: "connection reset (error set)"),
            of: APICall(.post, "networks"),
            to: ServerAccess(url: url, apiKey: nil),
            within: .seconds(30)
        )
        #expect("\(error)" == "https://192.0.2.77:8443 cannot be reached: \(reason)")
    }
}
