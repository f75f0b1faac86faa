/// Whether a peer has a session with its gateway.
package enum PeerConnection: String, CaseIterable, Sendable {
    case connected
    /// It had one.
    case silent
    case never = "never_connected"

    /// How long a session lasts, section 6.1 of the WireGuard paper.
    package static let sessionSeconds: Int64 = 180

    package init(latestHandshakeAt: Timestamp?, at now: Timestamp) {
        self =
            switch latestHandshakeAt {
            case nil: .never
            case let time? where time.advanced(bySeconds: Self.sessionSeconds) > now: .connected
            default: .silent
            }
    }
}
