import Foundation
import Glibc
import TestSupport

/// What a test needs that builds networks: root, namespaces, TUN devices and the programs.
package enum Privileges {
    /// What is missing here, as a sentence; nil when nothing is.
    package static let lacking: String? = {
        guard geteuid() == 0 else { return "Network namespaces need root." }
        guard FileManager.default.isWritableFile(atPath: "/dev/net/tun") else {
            return "There is no /dev/net/tun, which stock WireGuard clients need."
        }
        let programs = ["ip", "wg", "wireguard-go", "ping", "traceroute", "curl", "busybox", "nft"]
        for program in programs where (try? Command.run("which", program).status) != 0 {
            return "\(program) is not installed; `make test` installs it."
        }
        let trial = "wgw-trial-\(getpid())"
        guard (try? Command.run("ip", "netns", "add", trial).status) == 0 else {
            return "This machine does not allow network namespaces."
        }
        _ = try? Command.run("ip", "netns", "del", trial)
        return nil
    }()

    package static let hasCurl = (try? Command.run("which", "curl").status) == 0

    package static let allowTests = lacking == nil || ContinuousIntegration.isOn
}
