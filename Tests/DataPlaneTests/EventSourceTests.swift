import Testing
import WireGuardEngine

@testable import DataPlane

struct EventSourceTests {
    @Test(
        "an event's tag leads back to the gateway, and tells its two sockets apart",
        arguments: [0, 1, 77, EventSource.maximumSlot],
        [0, 1, UInt32.max]
    )
    func roundTrip(slot: UInt32, generation: UInt32) {
        let gateway = GatewayHandle(slot: slot, generation: generation)
        for source in [EventSource.transport(gateway), .handshakes(gateway)] {
            #expect(EventSource(tag: source.tag) == source)
        }
    }

    @Test("the tag of the inbox is not that of any gateway")
    func inbox() {
        let last = GatewayHandle(slot: EventSource.maximumSlot, generation: .max)
        #expect(EventSource(tag: EventSource.inbox.tag) == .inbox)
        #expect(EventSource.handshakes(last).tag != EventSource.inbox.tag)
        #expect(EventSource.transport(last).tag != EventSource.inbox.tag)
    }

    @Test("the engine's slices have the layout of iovec, as the kernel reads them")
    func slices() {
        #expect(OutgoingSlice.hasLayoutOfIovec)
    }
}
