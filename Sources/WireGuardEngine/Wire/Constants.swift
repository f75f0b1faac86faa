/// Whitepaper §6.1, and the values that Linux adds to it.
enum Constant {
    static let rekeyAfterMessages: UInt64 = 1 << 60
    static let rejectAfterMessages: UInt64 = UInt64.max - (1 << 13)
    static let rekeyAfterTime = Interval.seconds(120)
    static let rejectAfterTime = Interval.seconds(180)
    static let rekeyTimeout = Interval.seconds(5)
    static let keepaliveTimeout = Interval.seconds(10)
    static let cookieLifetime = Interval.seconds(120)
    /// A cookie is not used in the last seconds of its life: it must still be valid on arrival.
    static let cookieLatency = Interval.seconds(5)
    /// §6.2: a receiving initiator renews early enough that the session does not run out first.
    static let rekeyAfterTimeReceiving = Interval.seconds(180 - 10 - 5)
    /// §6.3: keys are erased after three times REJECT_AFTER_TIME without a new session.
    static let eraseKeysAfter = Interval.seconds(540)
    /// §6.1: the random part of every retry.
    static let maximumJitter = Interval.milliseconds(333)
    /// REKEY_ATTEMPT_TIME (90 s) / REKEY_TIMEOUT.
    static let maximumAttempts = 18
    /// Initiations of one peer that are accepted: one in this time, fifty a second as in Linux.
    static let initiationInterval = Interval.milliseconds(20)
    static let maximumStagedPerPeer = 128
    static let maximumStagedInTotal = 8192
    static let maximumStagedBytes = 16 << 20
    /// Payloads are padded to a multiple of this, §5.4.6.
    static let paddingMultiple = 16
}
