import Foundation

package enum ContinuousIntegration {
    /// There a skipped test would pass for a shown one, so that what a test needs has to be there.
    package static let isOn = !(ProcessInfo.processInfo.environment["CI"] ?? "").isEmpty
}
