/// Step 7, to the interface: out of the tunnel as a plain packet.
/// Before: plaintexts with the addresses of the interface's side. After: entries of the batch that point
/// into the bytes they arrived in.
extension Engine {
    @inline(__always)
    mutating func emit(
        _ group: Range<Int>,
        of gateway: GatewayPointer,
        in turn: inout Turn
    ) {
        for index in group {
            let packet = flight[index]
            emit(packet.payload, length: packet.length, of: gateway, in: &turn)
        }
    }

    /// There are `PacketRun.headroom` bytes before the packet that the engine does not need.
    @inline(__always)
    func emit(
        _ packet: UnsafeMutablePointer<UInt8>,
        length: Int,
        of gateway: GatewayPointer,
        in turn: inout Turn
    ) {
        guard turn.outgoing.append(packet: packet, length, of: gateway.handle) else {
            gateway.recordDrop(.batchFull)
            return
        }
    }
}
