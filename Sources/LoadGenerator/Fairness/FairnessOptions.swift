package import NetAddress

/// What a measurement of fairness is asked to do.
package struct FairnessOptions: Sendable {
    /// Where the neighbour's gateway listens, and the tenant's.
    package var neighbourTarget: Endpoint
    package var tenantTarget: Endpoint
    /// What the neighbour sends, as a part of what its node carries of it alone. Two who want all of a node have half
    /// of it each, so less than half is what nothing should take away.
    package var share = 0.4
    /// Inner packets, in bytes.
    package var size = 1420
    /// Each of the four parts of the measurement.
    package var seconds = 5.0
    /// The tenant's packets under way at once.
    package var window = 16_384
    package var attack: InitiationFlood.Attack? = .noCookie
    /// The tenant's initiations a second that prove nothing, beside those of its peers.
    package var attackRate = 50_000.0
    /// The processor to stay on.
    package var processor: UInt32?

    package init(neighbour: Endpoint, tenant: Endpoint) {
        neighbourTarget = neighbour
        tenantTarget = tenant
    }

    func check(tenant: FairnessCourse.Site) throws(LoadError) {
        guard share > 0, share <= 1 else { throw LoadError("--share takes more than 0, at most 1") }
        try neighbourLoad.check(pairs: 1)
        try tenantLoad.check(pairs: tenant.peers.count / 2)
    }

    var neighbourLoad: LoadOptions {
        var options = LoadOptions(target: neighbourTarget)
        options.size = size
        options.seconds = seconds
        options.processor = processor
        return options
    }

    var tenantLoad: LoadOptions {
        var options = LoadOptions(target: tenantTarget)
        options.size = size
        options.seconds = seconds
        options.window = window
        // Both peers of each pair are active.
        options.bothWays = true
        return options
    }

    var tenantHandshakes: HandshakeOptions {
        var options = HandshakeOptions(target: tenantTarget)
        options.seconds = seconds
        options.attack = attack
        options.attackRate = attackRate
        return options
    }
}
