import HTTPTypes
package import Hummingbird
import HummingbirdCore
import Synchronization

/// Counts every request and how long it took, by route. Paths are templates, so that no client can
/// make a series of its own.
package final class RequestMetrics: RouterMiddleware {
    package typealias Context = EdgeContext

    private struct Route: Hashable {
        let method: String
        let path: String
    }

    private struct Tally {
        var byStatus: [Int: UInt64] = [:]
        /// One more than there are bounds: the last is of all that took longer.
        var buckets = [UInt64](repeating: 0, count: RequestMetrics.bounds.count + 1)
        var seconds = 0.0

        mutating func count(status: Int, bucket: Int, seconds: Double) {
            byStatus[status, default: 0] += 1
            buckets[bucket] += 1
            self.seconds += seconds
        }
    }

    /// Upper ends of the buckets, in seconds.
    private static let bounds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ]
    private static let methods = ["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "PUT"]

    private let tallies = Mutex<[Route: Tally]>([:])

    package init() {}

    package func handle(
        _ request: Request,
        context: EdgeContext,
        next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let method = request.method.rawValue
        record(
            Route(
                method: Self.methods.contains(method) ? method : "other",
                path: context.endpointPath ?? "unmatched"
            ),
            status: response.status.code,
            seconds: (ContinuousClock.now - start) / .seconds(1)
        )
        return response
    }

    private func record(_ route: Route, status: Int, seconds: Double) {
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        tallies.withLock { tallies in
            tallies[route, default: Tally()].count(
                status: status,
                bucket: bucket,
                seconds: seconds
            )
        }
    }

    package var families: [MetricFamily] {
        var requests = MetricFamily("wgw_api_requests_total", .counter, "Answered API requests.")
        var durations = MetricFamily(
            "wgw_api_request_duration_seconds",
            .histogram,
            "How long API requests took."
        )
        let all = tallies.withLock { $0 }
        for (route, tally) in all.sorted(by: {
            ($0.key.path, $0.key.method) < ($1.key.path, $1.key.method)
        }) {
            let labels = [(name: "method", value: route.method), (name: "path", value: route.path)]
            for (status, count) in tally.byStatus.sorted(by: { $0.key < $1.key }) {
                requests.add(count, labels + [(name: "status", value: "\(status)")])
            }
            var below: UInt64 = 0
            for (index, count) in tally.buckets.enumerated() {
                below += count
                let bound = index < Self.bounds.count ? "\(Self.bounds[index])" : "+Inf"
                durations.add(below, labels + [(name: "le", value: bound)], suffix: "_bucket")
            }
            durations.add(tally.seconds, labels, suffix: "_sum")
            durations.add(below, labels, suffix: "_count")
        }
        return [requests, durations]
    }
}
