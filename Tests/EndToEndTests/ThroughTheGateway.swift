import EndToEndSupport
import Testing

/// The whole product, seen from stock WireGuard clients and from the API. One test at a time:
/// each is a server and several clients, and a machine of two cores has no room for more.
@Suite(
    .serialized,
    .enabled(
        if: Privileges.allowTests,
        "skipped: \(Privileges.lacking ?? "")"
    ),
    .timeLimit(.minutes(10))
)
struct ThroughTheGateway {}
