/// What one receive call brought from one sender: `segmentSize` bytes per datagram, the last one
/// possibly shorter (`UDP_GRO`). A single datagram is a run of one.
///
/// The bytes are the driver's and are opened, changed and sent from in place: they must stay
/// untouched until the `OutgoingBatch` that was filled from them has been sent.
@frozen
public struct DatagramRun {
    public let gateway: GatewayHandle
    public let addressPair: AddressPair
    public let bytes: UnsafeMutableRawBufferPointer
    public let segmentSize: Int

    @inlinable
    public init(
        gateway: GatewayHandle,
        addressPair: AddressPair,
        bytes: UnsafeMutableRawBufferPointer,
        segmentSize: Int
    ) {
        self.gateway = gateway
        self.addressPair = addressPair
        self.bytes = bytes
        self.segmentSize = segmentSize
    }
}
