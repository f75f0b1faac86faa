import APIContract
import CommandLineProgram
import GatewayClient
import GatewayDomain

extension Decoded<GatewayMembers> {
    /// A gateway that was just made is in service some milliseconds later.
    private static var usualDelay: Duration { .seconds(3) }

    /// A config is complete without, but a gateway that cannot be opened answers no client.
    func warnUntilInService(_ client: GatewayClient) async throws {
        var gateway = self
        let deadline = ContinuousClock.now + Self.usualDelay
        while gateway.status != .provisioned {
            guard ContinuousClock.now < deadline else {
                let reason =
                    gateway.statusReason?.withoutControls
                    ?? "it is still \(gateway.status.text.withoutControls)"
                let title = GatewayNoun.title(of: gateway).withoutControls
                return try OutputFile.standardError.write(
                    "The gateway '\(title)' is not in service yet: \(reason)\n"
                )
            }
            try await Task.sleep(for: .milliseconds(50))
            gateway = try await client.get(.gateways, gateway.id)
        }
    }
}
