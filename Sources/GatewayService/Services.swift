import GatewayDomain
package import GatewayStore

/// Every verb, wired. Whoever serves requests takes what it needs from here.
package struct Services: Sendable {
    package let authenticate: Authenticate

    package let createOrganization: CreateOrganization
    package let listOrganizations: ListOrganizations
    package let showOrganization: ShowOrganization
    package let updateOrganization: UpdateOrganization
    package let deleteOrganization: DeleteOrganization

    package let createAPIKey: CreateAPIKey
    package let listAPIKeys: ListAPIKeys
    package let showAPIKey: ShowAPIKey
    package let revokeAPIKey: RevokeAPIKey

    package let createNetwork: CreateNetwork
    package let listNetworks: ListNetworks
    package let showNetwork: ShowNetwork
    package let renameNetwork: RenameNetwork
    package let deleteNetwork: DeleteNetwork
    package let listNetworkInterfaces: ListNetworkInterfaces

    package let listRegions: ListRegions
    package let listCoverage: ListCoverage

    package let createGateway: CreateGateway
    package let listGateways: ListGateways
    package let showGateway: ShowGateway
    package let deleteGateway: DeleteGateway

    package let createDefaultGateway: CreateDefaultGateway
    package let showDefaultGateway: ShowDefaultGateway
    package let deleteDefaultGateway: DeleteDefaultGateway
    package let createInternetGateway: CreateInternetGateway
    package let listInternetGateways: ListInternetGateways
    package let showInternetGateway: ShowInternetGateway
    package let deleteInternetGateway: DeleteInternetGateway

    package let createPeer: CreatePeer
    package let listPeers: ListPeers
    package let showPeer: ShowPeer
    package let updatePeer: UpdatePeer
    package let deletePeer: DeletePeer
    package let renderPeerConfig: RenderPeerConfig

    package let answerOnce: AnswerOnce
    package let discardExpired: DiscardExpired

    package let listEvents: ListEvents
    package let followEvents: FollowEvents

    package let nodeFeed: NodeFeed
    package let measureTraffic: MeasureTraffic
    private let prepareInstallation: Bootstrap

    package init(
        store: Store,
        settings: InstallationSettings,
        masterKey: MasterKey,
        dataPlane: any DataPlaneControl,
        now: @escaping WallClock = Timestamp.now
    ) {
        let knownKeys = KnownKeys()
        authenticate = Authenticate(store: store, knownKeys: knownKeys, now: now)

        createOrganization = CreateOrganization(store: store, now: now)
        listOrganizations = ListOrganizations(store: store)
        showOrganization = ShowOrganization(store: store)
        updateOrganization = UpdateOrganization(store: store, knownKeys: knownKeys, now: now)
        deleteOrganization = DeleteOrganization(store: store, knownKeys: knownKeys, now: now)

        createAPIKey = CreateAPIKey(store: store, now: now)
        listAPIKeys = ListAPIKeys(store: store)
        showAPIKey = ShowAPIKey(store: store)
        revokeAPIKey = RevokeAPIKey(store: store, knownKeys: knownKeys, now: now)

        createNetwork = CreateNetwork(store: store, limits: settings.limits, now: now)
        listNetworks = ListNetworks(store: store)
        showNetwork = ShowNetwork(store: store)
        renameNetwork = RenameNetwork(store: store, now: now)
        deleteNetwork = DeleteNetwork(store: store, knownKeys: knownKeys, now: now)
        listNetworkInterfaces = ListNetworkInterfaces(store: store)

        listRegions = ListRegions(store: store, settings: settings)
        listCoverage = ListCoverage(listRegions: listRegions)

        createGateway = CreateGateway(
            store: store,
            settings: settings,
            masterKey: masterKey,
            dataPlane: dataPlane,
            now: now
        )
        listGateways = ListGateways(store: store)
        showGateway = ShowGateway(store: store)
        deleteGateway = DeleteGateway(store: store, dataPlane: dataPlane, now: now)

        createDefaultGateway = CreateDefaultGateway(store: store, now: now)
        showDefaultGateway = ShowDefaultGateway(store: store)
        deleteDefaultGateway = DeleteDefaultGateway(store: store, now: now)
        createInternetGateway = CreateInternetGateway(store: store, settings: settings, now: now)
        listInternetGateways = ListInternetGateways(store: store)
        showInternetGateway = ShowInternetGateway(store: store)
        deleteInternetGateway = DeleteInternetGateway(store: store, now: now)

        createPeer = CreatePeer(
            store: store,
            limits: settings.limits,
            masterKey: masterKey,
            dataPlane: dataPlane,
            now: now
        )
        listPeers = ListPeers(store: store)
        showPeer = ShowPeer(store: store)
        updatePeer = UpdatePeer(store: store, masterKey: masterKey, dataPlane: dataPlane, now: now)
        deletePeer = DeletePeer(store: store, dataPlane: dataPlane, now: now)
        renderPeerConfig = RenderPeerConfig(store: store, settings: settings, masterKey: masterKey)

        answerOnce = AnswerOnce(store: store, masterKey: masterKey, now: now)
        discardExpired = DiscardExpired(store: store, settings: settings, now: now)

        listEvents = ListEvents(store: store)
        followEvents = FollowEvents(store: store, authenticate: authenticate)

        measureTraffic = MeasureTraffic(store: store)
        nodeFeed = NodeFeed(store: store, masterKey: masterKey, now: now)
        prepareInstallation = Bootstrap(
            store: store,
            settings: settings,
            masterKey: masterKey,
            now: now
        )
    }

    /// Makes a new installation usable and an old one follow its settings. Run it before anything
    /// else; running it again changes nothing.
    ///
    /// - Parameters:
    ///   - firstKey: the API key of the settings.
    ///   - spareKey: asked for the first key of an installation whose settings have none. It has to be
    ///     where the operator finds it when this returns: afterwards it opens the installation.
    package func bootstrap(
        firstKey: String?,
        spareKey: @Sendable () throws -> String = APIKeyText.make
    ) async throws -> BootstrapResult {
        try await prepareInstallation(firstKey: firstKey, spareKey: spareKey)
    }

    /// Whether the database is that of an installation, and so was sealed with a master key.
    package static func hasBootstrapped(_ store: Store) async throws -> Bool {
        try await Bootstrap.isDone(in: store)
    }
}
