public import NetAddress
public import WireGuardCrypto

/// A sender of handshakes that belongs to no peer of the gateway.
public struct Stranger: Sendable {
    public let mistake: Mistake
    /// Where the newest came from.
    public internal(set) var endpoint: Endpoint
    public internal(set) var count: UInt64 = 1
    public let first: WallTime
    public internal(set) var last: WallTime

    public enum Mistake: Hashable, Sendable {
        /// Its first MAC is wrong: the sender takes another key for the gateway's.
        case wrongGatewayKey
        /// It names this key as its own, and no peer of the gateway has it. That the sender has the
        /// private key to it was not checked, which would cost a curve operation for every stranger.
        case unknownKey(PublicKey)
    }
}

/// The strangers of a gateway, a few of each mistake. Owner only.
///
/// A wrong MAC costs its sender nothing and its source address may be made up, so its mistake has room of
/// its own: it cannot push out the keys, whose senders have to know the gateway's key.
struct Strangers {
    private(set) var withWrongGatewayKey = StrangerList()
    private(set) var withUnknownKeys = StrangerList()
    /// The next report has to have them.
    var isReportDue = false

    var all: [Stranger] { withUnknownKeys.all + withWrongGatewayKey.all }

    mutating func heard(_ mistake: Stranger.Mistake, from endpoint: Endpoint, at moment: Moment) {
        let stranger = Stranger(
            mistake: mistake,
            endpoint: endpoint,
            first: moment.wall,
            last: moment.wall
        )
        switch mistake {
        case .wrongGatewayKey: withWrongGatewayKey.add(stranger, at: moment.now)
        case .unknownKey: withUnknownKeys.add(stranger, at: moment.now)
        }
        isReportDue = true
    }
}

/// A segmented list of the least recently heard: who is heard for the first time has one of a few
/// places, of which a bounded number is given each second, and who is heard again gets one of the
/// others. A client that tries again every five seconds so keeps its place through a flood of senders
/// that are heard once each.
struct StrangerList {
    static let newcomerPlaces = 8
    static let knownPlaces = 24
    /// A newcomer keeps its place for eight seconds at least, and is heard again after five.
    static let admissionInterval = Interval.seconds(1)

    private(set) var newcomers: [Stranger] = []
    private(set) var known: [Stranger] = []
    private var admission = TokenBucket()

    var all: [Stranger] { known + newcomers }

    mutating func add(_ stranger: Stranger, at now: Instant) {
        if let index = known.firstIndex(where: { $0.isSame(as: stranger) }) {
            known[index].heardAgain(as: stranger)
            return
        }
        if let index = newcomers.firstIndex(where: { $0.isSame(as: stranger) }) {
            var again = newcomers.remove(at: index)
            again.heardAgain(as: stranger)
            Self.append(again, to: &known, places: Self.knownPlaces)
            return
        }
        let burst = UInt64(Self.newcomerPlaces)
        guard admission.take(at: now, every: Self.admissionInterval, burst: burst) else { return }
        Self.append(stranger, to: &newcomers, places: Self.newcomerPlaces)
    }

    private static func append(_ stranger: Stranger, to list: inout [Stranger], places: Int) {
        if list.count == places,
            let oldest = list.indices.min(by: { list[$0].last < list[$1].last })
        {
            list.remove(at: oldest)
        }
        list.append(stranger)
    }
}

extension Stranger {
    /// A key makes a stranger, wherever it comes from; without one, its address does. IPv6 senders are
    /// told apart by /64, the smallest network that one customer gets.
    fileprivate func isSame(as other: Stranger) -> Bool {
        guard mistake == other.mistake else { return false }
        guard case .wrongGatewayKey = mistake else { return true }
        return HandshakeLoad.customer(of: endpoint.address)
            == HandshakeLoad.customer(of: other.endpoint.address)
    }

    fileprivate mutating func heardAgain(as newest: Stranger) {
        endpoint = newest.endpoint
        count &+= 1
        last = newest.last
    }
}
