import GatewayDomain
package import GatewayStore

/// Everything that callers, nodes and the server itself may do to an installation. What changes
/// something is a `Verb` that `perform` carries out; what only reads is a method here.
package struct ControlPlane: Sendable {
    let store: Store
    package let settings: InstallationSettings
    let masterKey: MasterKey
    let journalText: JournalText
    let now: WallClock
    /// Tells the parts of this process what was committed.
    package let commits = CommitSignal()
    let apiKeyCache = APIKeyCache()
    let keyUses = UseNotes<APIKeyID>()
    let sessionUses = UseNotes<SessionID>()
    let passwords: PasswordHashing
    let attempts = SignInAttempts()
    package let signInCodes = SignInCodes()
    package let signInCounts = SignInCounts()
    let requestsUnderWay = RequestsUnderWay()
    let observations: NodeObservations
    let trafficRecorder: TrafficRecorder

    /// - Parameter journalText: what the journal stores of an object.
    package init(
        store: Store,
        settings: InstallationSettings,
        masterKey: MasterKey,
        journalText: @escaping JournalText,
        now: @escaping WallClock = Timestamp.now
    ) {
        self.store = store
        self.settings = settings
        self.masterKey = masterKey
        self.journalText = journalText
        self.now = now
        passwords = PasswordHashing(cost: settings.passwordCost)
        observations = NodeObservations(since: now())
        trafficRecorder = TrafficRecorder(at: now())
        // The first observer: a revoked key is forgotten before any other part learns of its end.
        commits.observe { [apiKeyCache] in apiKeyCache.forgetKeys(changedBy: $0) }
        commits.observe { [signInCodes] in signInCodes.forgetCodes(changedBy: $0) }
        commits.observe { [observations] in observations.forgetObjects(changedBy: $0) }
        commits.observe { [trafficRecorder] in trafficRecorder.forgetObjects(changedBy: $0) }
    }

    /// What a node sees of the control plane.
    package var nodeFeed: NodeFeed { NodeFeed(controlPlane: self) }
}
