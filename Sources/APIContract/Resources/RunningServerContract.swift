package import GatewayDomain

extension RunningServer: APIObject {
    package static let contract = AnswerContract(
        "Server",
        "The server that answers.",
        RunningServerMembers()
    )
}

package struct RunningServerMembers: AnswerMembers {
    package typealias Object = RunningServer

    package let recordType = AnswerMember<RunningServer, String>(recordType: "server")
    package let version = AnswerMember(
        Member(
            "version",
            Codec<String>.text(example: "0.1.0"),
            "The version of the program, which a client may compare with its own."
        ),
        \RunningServer.version
    )
    package let time = AnswerMember(
        Member(
            "time",
            Codec<Timestamp>.time,
            "The time of the server's clock, which a client may compare with its own."
        ),
        \RunningServer.time
    )
}
