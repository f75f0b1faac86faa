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
        \RunningServer.program.version
    )
    package let time = AnswerMember(
        Member(
            "time",
            Codec<Timestamp>.time,
            "The time of the server's clock, which a client may compare with its own."
        ),
        \RunningServer.time
    )
    package let commit = AnswerMember(
        Member(
            "commit",
            Codec<String>.text,
            "The commit of the sources that the program was built from, or `unknown`."
        ),
        \RunningServer.program.commit
    )
    package let licenses = AnswerMember(
        Member(
            "licenses",
            Codec<[RunningServer.Library]>.array(
                of: .inline(RunningServer.Library.contract) {
                    RunningServer.Library(
                        name: $0.name,
                        license: $0.license,
                        url: $0.url
                    )
                },
                "One library that the program contains."
            ),
            "The libraries that the program contains, and their licences."
        ),
        \RunningServer.program.libraries
    )
}

extension RunningServer.Library: APIObject {
    package static let contract = AnswerContract(
        "Library",
        "One library that the program contains.",
        LibraryMembers()
    )
}

package struct LibraryMembers: AnswerMembers {
    package typealias Object = RunningServer.Library

    package let name = AnswerMember(
        Member("name", Codec<String>.text(example: "swift-nio"), "The name of the library."),
        \RunningServer.Library.name
    )
    package let license = AnswerMember(
        Member(
            "license",
            Codec<String>.text(example: "Apache-2.0"),
            "The licence of the library, as SPDX names it."
        ),
        \RunningServer.Library.license
    )
    package let url = AnswerMember(
        Member(
            "url",
            Codec<String>.text,
            "Where the sources of the library are, with the text of its licence in them."
        ),
        \RunningServer.Library.url
    )
}
