/// One thing that is wrong with a request.
package struct ErrorEntry: Equatable, Sendable {
    /// The part of the request that is wrong, where it is a single one.
    package enum Source: Equatable, Sendable {
        /// A JSON pointer into the request body.
        case pointer(String)
        /// The name of a query parameter.
        case parameter(String)
    }

    package let code: ErrorCode
    package let title: String
    package let detail: String
    package let source: Source?

    package init(
        _ code: ErrorCode,
        title: String? = nil,
        _ detail: String,
        _ source: Source? = nil
    ) {
        self.code = code
        self.title = title ?? code.title
        self.detail = detail
        self.source = source
    }
}

extension ErrorEntry: APIObject {
    package static let contract = AnswerContract(
        "Error",
        "One thing that is wrong with a request.",
        ErrorMembers()
    )
}

package struct ErrorMembers: AnswerMembers {
    package typealias Object = ErrorEntry

    /// Read as a text: a later server may have a code that this client does not know.
    package let code = AnswerMember(
        Member(
            "code",
            Codec<String>.text(oneOf: ErrorCode.allCases.map(\.rawValue)),
            "The code of the error, which programs can rely on."
        ),
        \ErrorEntry.code.rawValue
    )
    package let title = AnswerMember(
        Member(
            "title",
            Codec<String>.text,
            """
            The meaning of the code in words, which is the same for every error with it but for \
            those of paging.
            """
        ),
        \ErrorEntry.title
    )
    package let detail = AnswerMember(
        Member("detail", Codec<String>.text, "What is wrong here, and what to do about it."),
        \ErrorEntry.detail
    )
    package let source = AnswerMember(
        omissible: Member(
            "source",
            Codec<ErrorSource>.inline(ErrorSource.contract) { decoded in
                ErrorSource(pointer: decoded.pointer, parameter: decoded.parameter)
            },
            "The part of the request that is wrong, where it is a single one."
        ),
        { (entry: ErrorEntry) in entry.source.map(ErrorSource.init) }
    )
    package let meta = AnswerMember(
        Member(
            "meta",
            Codec<ErrorMeta>.inline(ErrorMeta.contract) { ErrorMeta(url: $0.url) },
            "Where more is said about the error."
        ),
        { (entry: ErrorEntry) in ErrorMeta(url: "/docs/errors#\(entry.code.rawValue)") }
    )
}

/// The source of an error as it stands on the wire: one of its two members.
package struct ErrorSource: Equatable, Sendable {
    package let pointer: String?
    package let parameter: String?

    fileprivate init(pointer: String?, parameter: String?) {
        self.pointer = pointer
        self.parameter = parameter
    }

    fileprivate init(_ source: ErrorEntry.Source) {
        switch source {
        case .pointer(let pointer): self.init(pointer: pointer, parameter: nil)
        case .parameter(let name): self.init(pointer: nil, parameter: name)
        }
    }
}

extension ErrorSource: APIObject {
    package static let contract = AnswerContract(
        "ErrorSource",
        "The part of the request that is wrong.",
        ErrorSourceMembers()
    )
}

package struct ErrorSourceMembers: AnswerMembers {
    package typealias Object = ErrorSource

    package let pointer = AnswerMember(
        omissible: Member(
            "pointer",
            Codec<String>.text,
            "A JSON pointer to a member of the request's body."
        ),
        \ErrorSource.pointer
    )
    package let parameter = AnswerMember(
        omissible: Member(
            "parameter",
            Codec<String>.text,
            "The name of a parameter of the request's query."
        ),
        \ErrorSource.parameter
    )
}

package struct ErrorMeta: Equatable, Sendable {
    package let url: String

    fileprivate init(url: String) {
        self.url = url
    }
}

extension ErrorMeta: APIObject {
    package static let contract = AnswerContract(
        "ErrorMeta",
        "Where more is said about the error.",
        ErrorMetaMembers()
    )
}

package struct ErrorMetaMembers: AnswerMembers {
    package typealias Object = ErrorMeta

    package let url = AnswerMember(
        Member("url", Codec<String>.text, "The URL of an explanation of the error's code."),
        \ErrorMeta.url
    )
}
