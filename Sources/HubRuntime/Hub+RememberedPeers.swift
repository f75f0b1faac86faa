import DataPlane
import Logging
import NetAddress
import SystemIO
import WireGuardEngine

/// Recent peers: where they were heard is collected from the workers, and kept in a file for the next
/// start.
extension Hub {
    func remembered() -> [RememberedPeer] {
        guard let memoryFile else { return [] }
        do {
            return try memoryFile.read()
        } catch {
            logger.warning(
                "not calling recent peers, their file is ignored",
                metadata: ["file": "\(memoryFile.path)", "reason": "\(error)"]
            )
            return []
        }
    }

    /// Collects where the workers heard peers, and writes the file when that is worth it.
    func collectReports(_ course: inout Course) async {
        let report = await dataPlane.report()
        course.state.hear(report)
        role.follow(report.peers.compactMap(\.activity.endpoint?.address))
        if !report.peers.isEmpty { course.hasNews = true }
        // While a thread writes, the next tick after it has finished compares again.
        guard let memoryFile, course.hasNews, !course.isWriting else { return }
        course.hasNews = false
        let peers = course.state.recentPeers(at: BootClock.moment.wall)
        guard course.memory.isNews(peers) else { return }
        course.isWriting = true
        inBackground {
            do throws(RememberedPeersError) {
                try memoryFile.write(peers)
                return .memoryWritten(peers, nil)
            } catch {
                return .memoryWritten(peers, error)
            }
        }
    }

    func finishWriting(
        _ peers: [RememberedPeer],
        _ problem: RememberedPeersError?,
        _ course: inout Course
    ) {
        course.isWriting = false
        // Also after a failure: the next attempt is made when there are news, not every second.
        course.memory.wrote(peers)
        defer { course.writeError = problem }
        guard let problem, problem != course.writeError, let memoryFile else { return }
        logger.warning(
            "recent peers are not remembered, a restart will not call them",
            metadata: ["file": "\(memoryFile.path)", "reason": "\(problem)"]
        )
    }

    /// The last reports, written before the process ends.
    func rememberAtTheEnd(_ course: inout Course) async {
        course.state.hear(await dataPlane.report())
        guard let memoryFile, !course.isWriting else { return }
        try? memoryFile.write(course.state.recentPeers(at: BootClock.moment.wall))
    }
}
