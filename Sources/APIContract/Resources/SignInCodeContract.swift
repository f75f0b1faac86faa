package import GatewayDomain

extension NewSignInCode: APIRequest {
    package static let contract = RequestContract<NewSignInCode>(
        "NewSignInCode",
        "A request to make a link that signs a browser in, for which an empty object is sent.",
        []
    )
}

extension SignInLink: APIObject {
    package static let contract = AnswerContract(
        "SignInCode",
        "A link that signs one browser in, as the one who asked for it.",
        SignInLinkMembers()
    )
}

package struct SignInLinkMembers: AnswerMembers {
    package typealias Object = SignInLink

    package let recordType = AnswerMember<SignInLink, String>(recordType: "sign_in_code")
    package let url = AnswerMember(
        Member(
            "url",
            Codec<String>.text,
            "The link itself, which works once and stands in no other answer."
        ),
        \SignInLink.url
    )
    package let expiresAt = AnswerMember(
        Member(
            "expires_at",
            Codec<Timestamp>.time,
            "The time from which on the link leads to nothing."
        ),
        \SignInLink.expiresAt
    )
}
