extension InnerPacket {
    /// RFC 3168 §5: tells the receiver, which tells the sender, that packets are about to be dropped. A packet that cannot
    /// say so stays as it is.
    static func markCongestion(_ packet: UnsafeMutablePointer<UInt8>) {
        guard packet[0] >> 4 == 4 else {
            // Of the traffic class, the lower two bits (RFC 8200 §3): in the upper half of the second byte.
            if packet[1] & 0x30 != 0 { packet[1] |= 0x30 }
            return
        }
        guard packet[1] & 0x03 != 0 else { return }
        let old = packet.big16(at: 0)
        let new = old | 0x03
        packet.storeBig(new, at: 0)
        packet.storeBig(
            Checksum.adjusted(packet.big16(at: 10), removing: old, adding: new),
            at: 10
        )
    }
}
