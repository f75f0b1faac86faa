import DataPlane
import Logging
import NetAddress
import SystemIO
import WireGuardEngine

/// The host names of endpoints: what a lookup gave is logged once, and its peers are moved.
extension Hub {
    /// Seconds from one look at the names of silent peers to the next.
    private static let silentPause: UInt64 = 60

    func askForNames(_ course: inout Course) {
        lookups.look(up: course.questions.ask(course.state.endpointNames))
    }

    /// A gateway that is not heard may have moved. A client looks for it; a router is found by its peers.
    func askForSilentPeers(_ course: inout Course) {
        let moment = BootClock.moment
        guard course.state.hasSilentName(at: moment.wall) else { return }
        if let last = course.askedForSilent,
            moment.now.since(last).nanoseconds < Self.silentPause * 1_000_000_000
        {
            return
        }
        course.askedForSilent = moment.now
        askForNames(&course)
    }

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
            role.follow([endpoint.address])
            let moved = course.state.locate(name, at: endpoint, now: BootClock.moment.wall)
            await dataPlane.relocate(moved)
            if !moved.isEmpty { course.hasNews = true }
            guard isNews || !moved.isEmpty else { return }
            logger.info(
                "endpoint name found",
                metadata: [
                    "name": "\(name)", "address": "\(endpoint.host)",
                    "moved": "\(moved.count)",
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
