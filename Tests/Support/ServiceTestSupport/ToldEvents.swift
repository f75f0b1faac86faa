package import GatewayDomain
package import GatewayService
import Synchronization

/// The commits of which a test has been told.
package final class ToldEvents: Sendable {
    private let told = Mutex<[CommitNews]>([])

    package init(of controlPlane: ControlPlane) {
        controlPlane.commits.observe { [weak self] news in
            self?.told.withLock { $0.append(news) }
        }
    }

    package var all: [CommitNotice] { told.withLock { $0.flatMap(\.notices) } }

    /// How often anything may have changed.
    package var losses: Int { told.withLock { $0.count { $0 == .anything } } }
}
