package import APIContract
import GatewayDomain

// What gateways and peers carried lately.
extension GatewayClient {
    /// - Parameters:
    ///   - path: of the object, a gateway or a peer.
    ///   - seconds: how long before now the history begins.
    ///   - step: the length of its steps, in seconds.
    package func traffic(
        of path: String,
        forSeconds seconds: Int64,
        step: Int64
    ) async throws(ClientError) -> Decoded<TrafficHistoryMembers> {
        let call = APICall(
            .get,
            "\(path)/traffic",
            query: [("since", "\(seconds)s"), ("step", "\(step)")]
        )
        return try Self.object(TrafficHistory.self, in: try await send(call))
    }
}
