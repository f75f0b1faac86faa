/// When a link counts as dead, and when as good again.
enum LinkTimes {
    /// A probe is sent once a second, and looked at twice. Two in a row that stay without an answer are not lost by chance, and
    /// leave time to go around within three seconds of the last packet that got through.
    static let silence = Duration.milliseconds(2_200)
    static let unansweredProbes: UInt64 = 2
    /// How long a dead lane has to answer without such a silence before it is trusted again.
    static let trial = Duration.seconds(10)
    /// Probes further back do not count as loss.
    static let lossWindow = Duration.seconds(30)
    /// A detour is left for a faster one that saves at least this: round trips differ by less from
    /// one second to the next.
    static let worthwhile = Duration.milliseconds(20)
}
