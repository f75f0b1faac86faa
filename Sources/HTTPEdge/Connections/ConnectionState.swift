import Glibc
package import NIOCore
import Synchronization

/// What a connection is doing, and since when. Its own event loop writes it, others read it.
package final class ConnectionState: Sendable {
    enum Phase: UInt64 {
        /// It has never sent a whole request.
        case new
        /// A request has begun and is not complete.
        case receiving
        /// It was answered, and has not asked again.
        case idle
        /// Its request is being worked on.
        case answering
        /// The same, and it does not read the answer.
        case stalled
    }

    let channel: any Channel
    /// The phase in the lowest bits, above them the milliseconds of its beginning.
    private let word: Atomic<UInt64>
    /// In milliseconds of the same clock: when a part of the request last came.
    private let progress: Atomic<UInt64>
    private let credential = Atomic(false)
    private let node = Atomic(false)
    private let leaving: EventLoopPromise<Void>

    init(_ channel: any Channel) {
        self.channel = channel
        leaving = channel.eventLoop.makePromise()
        word = Atomic(Self.word(.new, channel))
        progress = Atomic(Self.now(channel))
    }

    var id: ObjectIdentifier { ObjectIdentifier(channel) }

    /// Whether a right credential has come over it.
    var hasShownCredential: Bool { credential.load(ordering: .relaxed) }

    package func noteCredential() { credential.store(true, ordering: .relaxed) }

    /// Whether a node is at its other end, whose line may be slow.
    var isOfNode: Bool { node.load(ordering: .relaxed) }

    package func noteNode() {
        noteCredential()
        node.store(true, ordering: .relaxed)
    }

    /// Comes when its client is gone or has closed its sending side, which look the same from here.
    package var left: EventLoopFuture<Void> { leaving.futureResult }

    func noteLeaving() { leaving.succeed() }

    /// Without lingering: else the system would keep what the other end never reads.
    package func abort() {
        guard let socket = channel as? any SocketOptionProvider else {
            return channel.close(promise: nil)
        }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { [channel] _ in
            channel.close(promise: nil)
        }
    }

    var phase: Phase { Phase(rawValue: word.load(ordering: .relaxed) & 7) ?? .new }

    /// In milliseconds of a clock that all connections share.
    var since: UInt64 { word.load(ordering: .relaxed) >> 3 }

    var age: TimeAmount {
        .milliseconds(Int64(Self.now(channel)) - Int64(since))
    }

    /// How long nothing has come of a request that is not whole.
    var silence: TimeAmount {
        .milliseconds(Int64(Self.now(channel)) - Int64(progress.load(ordering: .relaxed)))
    }

    func noteProgress() { progress.store(Self.now(channel), ordering: .relaxed) }

    func enter(_ phase: Phase) {
        word.store(Self.word(phase, channel), ordering: .relaxed)
    }

    private static func word(_ phase: Phase, _ channel: any Channel) -> UInt64 {
        now(channel) << 3 | phase.rawValue
    }

    private static func now(_ channel: any Channel) -> UInt64 {
        channel.eventLoop.now.uptimeNanoseconds / 1_000_000
    }
}
