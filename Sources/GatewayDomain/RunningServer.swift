/// What a server says of itself.
package struct RunningServer: Equatable, Sendable {
    package let version: String
    /// By its own clock.
    package let time: Timestamp

    package init(version: String, time: Timestamp) {
        self.version = version
        self.time = time
    }
}
