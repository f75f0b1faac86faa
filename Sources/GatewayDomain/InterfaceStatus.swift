/// How far the data plane is with a gateway. A gateway that cannot be carried stays `provisioning`, with
/// a reason.
package enum InterfaceStatus: String, CaseIterable, Sendable {
    case created
    case provisioning
    case provisioned
    case deleting
}
