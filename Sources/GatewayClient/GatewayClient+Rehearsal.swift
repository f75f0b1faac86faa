package import APIContract
import GatewayDomain

extension GatewayClient {
    /// Asks whether the server would carry out these changes, one after the other.
    ///
    /// - Returns: what it has against some of them, by their index, with a JSON pointer into the body, which is
    ///   empty where all of the step is meant. It has nothing against the others.
    package func rehearse(
        _ steps: [NewRehearsal.Step]
    ) async throws(ClientError) -> [(step: Int, pointer: String, detail: String)] {
        var request = NewRehearsal()
        request.steps = .value(steps.map { .value($0) })
        do throws(ClientError) {
            _ = try await send(APICall(.post, "rehearsals", body: request.json))
            return []
        } catch {
            guard case .refused(let refusal) = error, refusal.status == 422 else { throw error }
            let found = refusal.entries.compactMap { entry in
                entry.source?.pointer.flatMap { Self.place($0, in: steps.indices) }
                    .map { (step: $0.step, pointer: $0.inner, detail: entry.detail) }
            }
            guard found.count == refusal.entries.count else { throw error }
            return found
        }
    }

    /// The parts of `/steps/3/body/prefixes/1`: the step, and where in its body.
    private static func place(
        _ pointer: String,
        in steps: Range<Int>
    ) -> (step: Int, inner: String)? {
        let parts = pointer.split(separator: "/")
        guard parts.count >= 2, parts[0] == "steps", let index = Int(parts[1]),
            steps.contains(index)
        else { return nil }
        return (index, parts.dropFirst(3).map { "/\($0)" }.joined())
    }
}
