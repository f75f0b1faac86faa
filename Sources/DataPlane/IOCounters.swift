import Glibc

/// What one worker's sockets and its queue of the interface did; plain integers with one writer.
public struct IOCounters: Sendable, Equatable {
    public var receivedDatagrams: UInt64 = 0
    public var receivedBytes: UInt64 = 0
    /// Datagrams dropped because they were larger than a receive buffer.
    public var truncated: UInt64 = 0
    public var receiveErrors: UInt64 = 0
    /// Datagrams that the kernel dropped because a socket's receive buffer was full.
    public var overflows: UInt64 = 0
    public var sentDatagrams: UInt64 = 0
    public var sentBytes: UInt64 = 0
    /// Runs that the kernel refused to segment, sent datagram by datagram.
    public var segmentationFallbacks: UInt64 = 0
    /// Messages sent from another of our addresses than the peer sends to, which the host no longer
    /// has.
    public var sourceFallbacks: UInt64 = 0
    /// Handshake messages and packets for another worker whose inbox was full.
    public var droppedNotices: UInt64 = 0
    public var unsent = SendErrors()
    public var interface = Interface()

    /// What a worker's queue of the interface behind the gateways did.
    public struct Interface: Sendable, Equatable {
        public var readPackets: UInt64 = 0
        public var readBytes: UInt64 = 0
        public var readErrors: UInt64 = 0
        /// Pieces of the kernel's whose header did not fit them.
        public var malformed: UInt64 = 0
        public var writtenPackets: UInt64 = 0
        public var writtenBytes: UInt64 = 0
        /// Packets that the kernel did not take.
        public var unwritten: UInt64 = 0
        /// Runs that it did not take whole, written packet by packet.
        public var refusedRuns: UInt64 = 0
    }

    /// Datagrams that were not sent, by reason.
    public struct SendErrors: Sendable, Equatable {
        public var bufferFull: UInt64 = 0
        public var refused: UInt64 = 0
        public var unreachable: UInt64 = 0
        /// `EPERM` or `EACCES`: a local firewall rule refused the datagram.
        public var notPermitted: UInt64 = 0
        public var tooBig: UInt64 = 0
        /// Their gateway was closed meanwhile.
        public var noSocket: UInt64 = 0
        public var other: UInt64 = 0

        public var total: UInt64 {
            bufferFull &+ refused &+ unreachable &+ notPermitted &+ tooBig &+ noSocket &+ other
        }

        mutating func record(errno: Int32, datagrams: Int) {
            let count = UInt64(datagrams)
            switch errno {
            case EAGAIN, ENOBUFS, ENOMEM: bufferFull &+= count
            case ECONNREFUSED: refused &+= count
            case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN, EAFNOSUPPORT, EADDRNOTAVAIL:
                unreachable &+= count
            case EPERM, EACCES: notPermitted &+= count
            case EMSGSIZE: tooBig &+= count
            default: other &+= count
            }
        }
    }

    mutating func recordSent(datagrams: Int, bytes: Int) {
        sentDatagrams &+= UInt64(datagrams)
        sentBytes &+= UInt64(bytes)
    }
}
