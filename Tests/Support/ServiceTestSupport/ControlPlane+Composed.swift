import APIContract
import GatewayDomain
package import GatewayService
package import GatewayStore
package import RateLimiting

extension ControlPlane {
    /// With the journal's text as the program composes it.
    package init(
        store: Store,
        settings: InstallationSettings,
        masterKey: MasterKey,
        now: @escaping WallClock = Timestamp.now,
        uptime: @escaping MonotonicClock = { .now },
        server: ServerID? = nil,
        webhooks: WebhookPorts = .closed
    ) {
        self.init(
            store: store,
            settings: settings,
            masterKey: masterKey,
            journalText: { $0.journalText },
            now: now,
            uptime: uptime,
            server: server,
            webhooks: webhooks
        )
    }
}
