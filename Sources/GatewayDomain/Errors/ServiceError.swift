/// Why a verb did nothing. The edge gives each case its status in an exhaustive switch.
package enum ServiceError: Error, Equatable, Sendable {
    /// Also the answer for an object of another organization.
    case notFound
    /// The key's role does not allow it.
    case forbidden(has: Role, needs: Role)
    /// The key sees single networks only, and this concerns others too.
    case restrictedKey
    case organizationSuspended
    /// The key was revoked, or the session ended, while the request was on its way.
    case callerIsGone
    /// The organization still has networks, or is the one of the key that asks.
    case organizationInUse
    /// A private service is for this organization, and for others that it names.
    case organizationHasService(name: String)
    /// The organization is the operator's own, which the installation cannot do without.
    case operatorOrganization
    /// Without this key or user no admin could act any more.
    case lastAdmin
    /// No user has this name and password, or no sign-in is possible with what was shown. It does not tell
    /// which.
    case signInRefused
    /// Too many have tried to sign in: in all, from one address or for one user.
    case tooManySignIns(waitSeconds: Int64)
    /// An API key asks for what only users have.
    case notAUser
    /// The idempotency key was used for another request.
    case requestDiffers
    /// The first request with this idempotency key is still being worked on.
    case requestIsRunning
    /// The object is not as the caller demanded.
    case changedMeanwhile
    /// The journal does not reach back to this revision any more, or did not get there yet.
    case revisionGone
    /// The link was used or has expired.
    case linkIsSpent
    /// Another organization has this name.
    case duplicateName
    /// Another user of the installation has this name.
    case duplicateUserName
    /// The organization has asked for too many names that other users have.
    case tooManyNames(waitSeconds: Int64)
    /// Another private service has this name.
    case duplicatePrivateService
    /// The private service is one of the server's config file.
    case configuredPrivateService(name: String)
    /// Another node has this name.
    case duplicateNodeName
    /// The node still carries gateways, and would have to leave them behind.
    case nodeInUse(gateways: Int)
    /// The node inside of the server, which its settings decide about.
    case embeddedNode
    /// Another region has this code.
    case duplicateRegion
    /// Something is in the region. `by` says what, as in "2 gateways".
    case regionInUse(by: String)
    /// The region is one of the server's settings.
    case configuredRegion(code: String)
    /// A node, or what says that it is one, is turned away.
    case node(NodeRefusal)
    /// The route goes with the object that put it into the table, and not by itself.
    case attachedRoute(NetworkRoute)
    /// The network still has gateways, or internet gateways: what people call the first of them.
    case networkInUse(by: [String])
    /// Everything that is wrong with one request, never empty.
    case invalid([FieldProblem])
    /// The network has a default gateway.
    case duplicateDefaultGateway
    /// The network has an internet gateway in this region.
    case duplicateInternetGateway
    /// The gateway has a peer with this key.
    case duplicatePublicKey
    /// A QR code of a config was asked for, and this request makes no private key to put into it.
    case qrCodeWithoutKey
    /// `because` is a sentence.
    case qrCodeImpossible(because: String)
    /// Every address of the gateway's subnet is taken or in quarantine. `addresses`: how many peers fit.
    case subnetExhausted(addresses: Int)
    /// Every UDP port that the nodes may use is taken. Empty for a caller who may not see nodes.
    case noFreePort(on: [FullNode])
    /// The network's block has no room for another subnet of this length.
    case noFreeSubnet(length: Int)
    /// Changes cannot be stored. This one was not.
    case storageUnavailable(StorageTrouble)
    /// The row of an object that this needs cannot be read: `column` holds no value of its kind.
    case damaged(table: String, id: String, column: String)
    /// The organization has no room for another way out in its share of the egress pool. `pointer`: the member of the
    /// request that asks for it.
    case egressShareReached(EgressShare.Excess, pointer: String)
    /// The organization may have this many of the named objects.
    case limitReached(objects: String, limit: Int)
}
