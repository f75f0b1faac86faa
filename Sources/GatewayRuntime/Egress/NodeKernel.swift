import SystemIO

/// What a node's kernel is asked for its way out. Each call may wait long, so it is made on a thread of its own.
/// Tests have one that is in another network namespace.
protocol NodeKernel: Sendable {
    /// Removes what a process left behind that was killed.
    func removeLeftovers() throws
    /// Makes the device, or changes what leads to it.
    func install(_ demand: EgressDemand) throws -> TUNDevice
    /// Whether the device that was made is still there.
    var hasDevice: Bool { get }
    /// False where another program had changed the rules or the routes, which are as they should be again.
    func verify() throws -> Bool
    /// Tells when it is time to verify; nil where there is nothing to verify.
    func news() throws -> KernelNews?
    /// What stands in the way of packets that leave.
    func wayOut() throws -> WayOut
    /// What our own rules have dropped, in packets, by the name of the counter.
    func drops() throws -> [String: Int]
    func remove()
}

extension KernelInterface: NodeKernel {}
