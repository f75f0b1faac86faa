import GatewayDomain
import Testing

struct StatusReasonTests {
    @Test(
        "the reason of a status is told apart into what is wrong and the commands that help",
        arguments: [
            (
                "Rules of iptables drop it: run sudo a -i w and sudo a -o w.",
                "Rules of iptables drop it", ["sudo a -i w", "sudo a -o w"]
            ),
            ("It is missing: run sudo b.", "It is missing", ["sudo b"]),
            ("port 5000 is taken", "port 5000 is taken", []), ("", "", []),
        ]
    )
    func parts(text: String, finding: String, commands: [String]) {
        let reason = StatusReason(text)
        #expect(reason.finding == finding && reason.commands == commands)
        #expect(
            reason.command == (commands.isEmpty ? nil : commands.joined(separator: " && "))
        )
    }
}
