import Glibc
import SystemIO
import TestSupport
import Testing

struct SecretFileTests {
    @Test("a secret that is made for another user is his, and for his eyes only")
    func owner() throws {
        let directory = try TemporaryDirectory()
        defer { withExtendedLifetime(directory) {} }
        let path = directory.path + "/secret"
        // Only root gives files away.
        let owner: (user: uid_t, group: gid_t) =
            geteuid() == 0 ? (4711, 4712) : (getuid(), getgid())
        try SecretFile(path).create("words", for: owner)
        var file = stat()
        #expect(stat(path, &file) == 0)
        #expect(file.st_uid == owner.user && file.st_gid == owner.group)
        #expect(file.st_mode & 0o777 == 0o600)
        #expect(try SecretFile(path).read() == "words")
    }
}
