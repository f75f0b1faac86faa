/// The body of a request for an organization.
package struct NewOrganization: Sendable {
    package var name: Field<String> = .absent

    package init() {}
}

/// The body of a change of an organization.
package struct OrganizationChange: Sendable {
    package var name: Field<String> = .absent
    package var isSuspended: Field<Bool> = .absent

    package init() {}
}

/// The body of a request for an API key.
package struct NewAPIKey: Sendable {
    package var name: Field<String> = .absent
    package var role: Field<String> = .absent
    package var networkIDs: Field<[String]> = .absent
    /// RFC 3339.
    package var expiresAt: Field<String> = .absent

    package init() {}
}

/// The body of a request for a network.
package struct NewNetwork: Sendable {
    package var name: Field<String> = .absent
    /// CIDR.
    package var addressBlock: Field<String> = .absent

    package init() {}
}

/// The body of a change of a network.
package struct NetworkChange: Sendable {
    package var name: Field<String> = .absent

    package init() {}
}

/// The body of a request for a gateway.
package struct NewGateway: Sendable {
    package var networkID: Field<String> = .absent
    package var regionCode: Field<String> = .absent
    package var name: Field<String> = .absent
    package var enablesSIPTrunking: Field<Bool> = .absent
    /// CIDR inside the network's block.
    package var subnet: Field<String> = .absent
    package var subnetPrefixLength: Field<Int> = .absent
    package var mtu: Field<Int> = .absent
    package var persistentKeepalive: Field<Int> = .absent

    package init() {}
}

/// The body of a request for a network's default gateway.
package struct NewDefaultGateway: Sendable {
    package var peerID: Field<String> = .absent

    package init() {}
}

/// The body of a request for an internet gateway.
package struct NewInternetGateway: Sendable {
    package var networkID: Field<String> = .absent
    package var regionCode: Field<String> = .absent
    package var name: Field<String> = .absent

    package init() {}
}

/// The body of a request for a peer.
package struct NewPeer: Sendable {
    package var gatewayID: Field<String> = .absent
    package var name: Field<String> = .absent
    package var publicKey: Field<String> = .absent
    package var presharedKey: Field<PresharedKeyRequest> = .absent
    package var persistentKeepalive: Field<Int> = .absent

    package init() {}
}

/// The body of a change of a peer. `null` takes the value away, except that of `public_key`, which
/// a peer cannot be without: there it equals absence. A body without any known member asks for a
/// new key pair.
package struct PeerChange: Sendable {
    package var name: Field<String> = .absent
    package var publicKey: Field<String> = .absent
    package var presharedKey: Field<PresharedKeyRequest> = .absent
    package var persistentKeepalive: Field<Int> = .absent

    package init() {}
}
