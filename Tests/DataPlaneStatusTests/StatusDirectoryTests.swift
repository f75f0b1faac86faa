import Foundation
import Testing

@testable import DataPlaneStatus

struct StatusDirectoryTests {
    @Test(
        "of the folders that users make in /tmp, root reads the one of each user that has its number",
        .enabled(if: getuid() == 0, "skipped: giving folders away takes root.")
    )
    func foldersOfUsers() throws {
        let user: uid_t = 65_533
        let (own, other) = ("/tmp/wgw-\(user)", "/tmp/wgw-\(UUID().uuidString)")
        for path in [own, other] {
            try #require(mkdir(path, 0o700) == 0 && chown(path, user, user) == 0)
        }
        defer { for path in [own, other] { rmdir(path) } }
        let paths = StatusDirectory.readable(environment: [:]).map(\.path)
        #expect(paths.contains(own))
        #expect(!paths.contains(other))
        #expect(paths.first == "/run/wgw")
    }
}
