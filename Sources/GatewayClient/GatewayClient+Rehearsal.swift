package import APIContract
import GatewayDomain

extension GatewayClient {
    /// Asks whether the server would carry out these changes, one after the other.
    ///
    /// - Returns: what it has against some of them, by their index. It has nothing against the others.
    package func rehearse(
        _ steps: [NewRehearsal.Step]
    ) async throws(ClientError) -> [(step: Int, detail: String)] {
        var request = NewRehearsal()
        request.steps = .value(steps.map { .value($0) })
        do throws(ClientError) {
            _ = try await send(APICall(.post, "rehearsals", body: request.json))
            return []
        } catch {
            guard case .refused(let refusal) = error, refusal.status == 422 else { throw error }
            let found = refusal.entries.compactMap { entry -> (step: Int, detail: String)? in
                guard let parts = entry.source?.pointer?.split(separator: "/"), parts.count >= 2,
                    parts[0] == "steps", let index = Int(parts[1]), steps.indices.contains(index)
                else { return nil }
                return (index, entry.detail)
            }
            guard found.count == refusal.entries.count else { throw error }
            return found
        }
    }
}
