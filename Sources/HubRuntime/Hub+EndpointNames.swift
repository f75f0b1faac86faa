import DataPlane
import Logging
import NetAddress
import WireGuardEngine

/// The host names of endpoints: what a lookup gave is logged once, and its peers are moved.
extension Hub {
    func apply(
        _ answer: NameLookups.Answer,
        to name: String,
        _ course: inout Course
    ) async {
        var reason: String?
        if case .failure(let error) = answer { reason = error.reason }
        let outcome = course.questions.answered(name, failing: reason, at: BootClock.now)
        switch (outcome, answer) {
        case (.askAgain, _):
            lookups.look(up: [name])
        case (.found(let isNews), .success(let endpoint)):
            let changes = course.state.locate(name, at: endpoint, now: BootClock.moment.wall)
            await dataPlane.apply(changes, placement: Self.placement)
            if !changes.isEmpty { course.hasNews = true }
            guard isNews || !changes.isEmpty else { return }
            logger.info(
                "endpoint name found",
                metadata: [
                    "name": "\(name)", "address": "\(endpoint.host)",
                    "moved": "\(changes.count)",
                ]
            )
        case (.failed(isNews: true), .failure(let error)):
            let line = course.state.line(of: name) ?? 0
            logger.warning(
                "endpoint name not found, its peers have no address from it; trying again later",
                metadata: [
                    "at": "\(file.path):\(line)", "name": "\(name)", "reason": "\(error.reason)",
                ]
            )
        default:
            break
        }
    }
}
