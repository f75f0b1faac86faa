/// All the control plane may ask of the data plane. A hint, not a command: the reconciler would
/// find the change anyway, so a lost call costs a delay and never a wrong table.
package protocol DataPlaneControl: Sendable {
    func stateChanged()
}
