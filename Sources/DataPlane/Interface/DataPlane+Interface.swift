package import SystemIO
package import WireGuardEngine

/// The one network interface of a data plane: what its gateways' peers send out of their tunnels leaves through it, and
/// what the host routes to it enters them.
extension DataPlane {
    /// Takes the device, which has a queue for each worker, in the place of one that was taken before. All workers have
    /// it when this returns; the caller may shut the former one then.
    ///
    /// - Parameter gateway: the one whose host has the interface (`LocalDelivery.interface`); nil for
    ///   the interface of a node.
    package func attach(_ device: TUNDevice, of gateway: GatewayHandle? = nil) async {
        precondition(device.queues.count == workerCount, "every worker has a queue of its own")
        await attach(device.queues, of: gateway)
    }

    /// The same for a gateway whose host has the interface, by the id under which it is desired. It is open.
    package func attach(_ device: TUNDevice, of gateway: DesiredGateway.ID) async {
        await attach(device, of: withCarried { $0.place(of: gateway)?.handle })
    }

    /// No worker uses a device any more when this returns.
    package func detachInterface() async {
        await attach(Array(repeating: nil, count: workerCount), of: nil)
    }

    private func attach(_ queues: [TUNQueue?], of gateway: GatewayHandle?) async {
        let (answers, answer) = AsyncStream<Void>.makeStream()
        for (inbox, queue) in zip(inboxes, queues) {
            let request = WorkerRequest.attach(queue, of: gateway, done: { answer.yield() })
            if !inbox.post(request) { answer.yield() }
        }
        for await _ in answers.prefix(workerCount) {}
    }
}
