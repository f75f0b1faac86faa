package import GatewayDomain
package import GatewayStore
import NodeProtocol
package import RateLimiting

/// Everything that callers, nodes and the server itself may do to an installation. What changes
/// something is a `Verb` that `perform` carries out; what only reads is a method here.
package struct ControlPlane: Sendable {
    let store: Store
    package let settings: InstallationSettings
    let masterKey: MasterKey
    let journalText: JournalText
    /// Nil for the clock of the database where it has one, and of this machine otherwise.
    let ownClock: WallClock?
    package let now: WallClock
    let uptime: MonotonicClock
    /// This process among the servers on the database; nil where no other one can be.
    let server: ServerID?
    /// When the journal was last looked at for changes of other servers.
    let lastLook = LastLook()
    let life = ServerLife()
    let relayPlace = RelayPlace()
    /// Tells the parts of this process what was committed, whichever server did it.
    package let commits = CommitSignal()
    let apiKeyCache = APIKeyCache()
    let keyUses = UseNotes<APIKeyID>()
    let sessionUses = UseNotes<SessionID>()
    let passwords: PasswordHashing
    let attempts: SignInAttempts
    package let takenUserNames: TakenUserNames
    package let signInCounts = SignInCounts()
    let requestsUnderWay = RequestsUnderWay()
    let observations: NodeObservations
    let nodeSessions = NodeSessions()
    let trafficRecorder: TrafficRecorder
    let linkMeasurements = LinkMeasurements()
    let webhooks: WebhookPorts
    let webhookDesk = WebhookDesk()
    /// Attempts to deliver at a time, tests among them, of all organizations: each is a connection, and maybe a thread. One organization does
    /// not take all of them with its ten webhooks.
    let webhookAttempts = AsyncSemaphore(permits: 64)
    package let webhookCounts = WebhookCounts()

    /// - Parameters:
    ///   - journalText: what the journal stores of an object.
    ///   - now: nil for the clock of the database where it has one, and of this machine otherwise.
    ///   - uptime: what limits are measured by.
    ///   - server: nil where no other server can be on the database.
    package init(
        store: Store,
        settings: InstallationSettings,
        masterKey: MasterKey,
        journalText: @escaping JournalText,
        now: WallClock? = nil,
        uptime: @escaping MonotonicClock = { .now },
        server: ServerID? = nil,
        webhooks: WebhookPorts = .closed
    ) {
        self.store = store
        self.settings = settings
        self.masterKey = masterKey
        self.journalText = journalText
        ownClock = now
        let now = now ?? Timestamp.now
        self.now = now
        self.uptime = uptime
        self.server = server
        self.webhooks = webhooks
        attempts = SignInAttempts(now: uptime)
        takenUserNames = TakenUserNames(now: uptime)
        passwords = PasswordHashing(cost: settings.passwordCost)
        observations = NodeObservations(since: now())
        trafficRecorder = TrafficRecorder(at: now())
        // The first observer: a revoked key is forgotten before any other part learns of its end.
        commits.observe { [apiKeyCache] in apiKeyCache.forgetKeys(after: $0) }
        commits.observe { [nodeSessions] in nodeSessions.forgetNodes(after: $0) }
        commits.observe { [observations] in observations.forgetObjects(after: $0) }
        commits.observe { [trafficRecorder] in trafficRecorder.forgetObjects(after: $0) }
        commits.observe { [linkMeasurements] in linkMeasurements.forgetLinks(after: $0) }
    }

    /// Whether other servers may work on the database.
    package var hasOtherServers: Bool { server != nil }

    /// What the node inside of the server sees of the control plane.
    package var nodeFeed: LocalNodeFeed { LocalNodeFeed(controlPlane: self, reader: .embedded) }

    /// What another node sees of it.
    package func nodeFeed(of node: NodeID) -> LocalNodeFeed {
        LocalNodeFeed(controlPlane: self, reader: .remote(node))
    }
}
