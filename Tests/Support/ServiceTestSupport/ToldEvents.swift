package import GatewayDomain
package import GatewayService
import Synchronization

/// The events of which a test has been told.
package final class ToldEvents: Sendable {
    private let told = Mutex<[CommittedEvent]>([])

    package init(of controlPlane: ControlPlane) {
        controlPlane.commits.observe { [weak self] events in
            self?.told.withLock { $0 += events }
        }
    }

    package var all: [CommittedEvent] { told.withLock { $0 } }
}
