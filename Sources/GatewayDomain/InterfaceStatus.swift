/// How far a gateway is on its way into the data plane. There is no failure state: what cannot be
/// realised stays `provisioning` and says why.
package enum InterfaceStatus: String, CaseIterable, Sendable {
    case created
    case provisioning
    case provisioned
    case deleting
}
