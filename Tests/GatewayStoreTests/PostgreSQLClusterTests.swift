import Foundation
import Glibc
import PostgreSQLTestSupport
import TestSupport
import Testing

struct PostgreSQLClusterTests {
    @Test("a database server of a test ends with the last reference to it, and its folder goes")
    func ends() async throws {
        var cluster: PostgreSQLCluster? = try PostgreSQLCluster()
        let folder = try #require(cluster?.folder.path)
        let server = try #require(try cluster?.processID)
        #expect(try cluster?.execute(["SELECT 40 + 2"]) == "42\n")
        cluster = nil
        #expect(try await eventually { !FileManager.default.fileExists(atPath: folder) })
        #expect(kill(server, 0) != 0)
    }
}
