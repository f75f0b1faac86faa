/// One packet between arrival and departure. It stays where it was received: header, payload and
/// tag are opened and sealed again in the same bytes.
struct InFlight {
    /// More than any kernel hands over in one run (`UDP_GRO` stops at 64).
    static let maximumRun = 128

    /// The transport message's first byte; of a plain packet, where it will be.
    let message: UnsafeMutablePointer<UInt8>
    /// Bytes of payload: on arrival those that are sealed, tag included; after opening those of the
    /// plaintext, padding included, which bound what is sealed again in place.
    var available: Int
    /// The inner packet's length, set by Route and Inject.
    var length = 0
    /// Set by Route and Inject; `local` until then.
    var exit = Exit.local
    /// As what it is counted, of its sender and of the peer that it goes to; set with the exit. Nil for what the gateway
    /// says itself.
    var kind: TrafficKind?

    @inline(__always)
    var payload: UnsafeMutablePointer<UInt8> { message + TransportLayout.payload }
}
