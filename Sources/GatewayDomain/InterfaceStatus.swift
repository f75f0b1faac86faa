/// How far the data plane is with a gateway. A gateway that cannot be carried stays `provisioning`, with
/// a reason.
package enum InterfaceStatus: String, CaseIterable, Sendable {
    /// A word of the API that this server never answers: gateways are made `provisioning`.
    case created
    case provisioning
    case provisioned
    case deleting
}
