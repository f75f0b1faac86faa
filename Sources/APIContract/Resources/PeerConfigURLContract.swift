package import GatewayDomain
package import JSON

extension NewPeerConfigURL: APIRequest {
    package static let contract = RequestContract<NewPeerConfigURL>(
        "NewPeerConfigURL",
        "A request to make the config URL of a peer, or to replace it by another one.",
        []
    )
}

/// A config URL as one answer shows it. Only the answer that makes it has the URL itself.
package struct PeerConfigURLAnswer: Sendable {
    package let configURL: PeerConfigURL
    package let url: String?

    package init(_ configURL: PeerConfigURL, url: String? = nil) {
        self.configURL = configURL
        self.url = url
    }
}

extension PeerConfigURLAnswer: APIObject {
    package static let contract = AnswerContract(
        "PeerConfigURL",
        "A URL at which a device reads the config file of its peer without an API key.",
        PeerConfigURLMembers()
    )
}

package struct PeerConfigURLMembers: AnswerMembers {
    package typealias Object = PeerConfigURLAnswer

    package let id = AnswerMember(.id(of: "config URL"), \PeerConfigURLAnswer.configURL.id)
    package let recordType = AnswerMember<PeerConfigURLAnswer, String>(
        recordType: "wireguard_peer_config_url"
    )
    package let peerID = AnswerMember(
        .peerID(of: "config URL"),
        \PeerConfigURLAnswer.configURL.peerID
    )
    package let url = AnswerMember(
        disclosed: Member(
            "url",
            Codec<String>.text,
            "The URL itself, which stands in the answer that makes it and in no other."
        ),
        \PeerConfigURLAnswer.url
    )
    package let createdAt = AnswerMember(
        .createdAt(of: "config URL"),
        \PeerConfigURLAnswer.configURL.createdAt
    )
}

extension PeerConfigURL {
    /// Without the URL itself.
    package var json: JSONValue { PeerConfigURLAnswer(self).json }
}
