package import GatewayDomain
package import JSON

extension NewPeerShare: APIRequest {
    package static let contract = RequestContract<NewPeerShare>(
        "NewPeerShare",
        "A request to make a one-time link to the config file of a peer.",
        [
            .optional(PeerShareMembers.privateKey, \.privateKey),
            .optional(PeerShareMembers.isFullTunnel, \.isFullTunnel),
            .optional(PeerShareMembers.expiresIn, \.expiresIn),
        ]
    )
}

/// A share as one answer shows it. Only the answer that makes it has its URL.
package struct PeerShareAnswer: Sendable {
    package let share: PeerShare
    package let url: String?

    package init(_ share: PeerShare, url: String? = nil) {
        self.share = share
        self.url = url
    }
}

extension PeerShareAnswer: APIObject {
    package static let contract = AnswerContract(
        "PeerShare",
        "A share of a peer: a link that gives its config file away once.",
        PeerShareMembers()
    )
}

package struct PeerShareMembers: AnswerMembers {
    package static let privateKey = Member(
        "private_key",
        Codec<KeyRequest>.sharedKeyRequest,
        """
        The private key in the file: true for that of a new key pair, which the server gives the peer; \
        the key that the peer has; or false for a placeholder. It may be left out as long as the peer \
        has never connected, and then means true.
        """
    )
    static let isFullTunnel = Member(
        "full_tunnel",
        Codec<Bool>.bool,
        "Whether the file sends everything through the tunnel where the network has a way out."
    )
    static let expiresIn = Member(
        "expires_in",
        Codec<Int>.integer(in: PeerShare.lifetimeSeconds),
        "The number of seconds until the link expires, which are an hour where it is left out."
    )

    package static let peerID = Member<PeerID>.peerID(of: "share")

    package typealias Object = PeerShareAnswer

    package let id = AnswerMember(.id(of: "share"), \PeerShareAnswer.share.id)
    package let recordType = AnswerMember<PeerShareAnswer, String>(
        recordType: "wireguard_peer_share"
    )
    package let peerID = AnswerMember(
        PeerShareMembers.peerID,
        \PeerShareAnswer.share.peerID
    )
    package let url = AnswerMember(
        disclosed: Member(
            "url",
            Codec<String>.text,
            "The link itself, which stands in the answer that makes it and in no other."
        ),
        \PeerShareAnswer.url
    )
    package let hasPrivateKey = AnswerMember(
        Member(
            "has_private_key",
            Codec<Bool>.bool,
            "Whether the file behind the link has the private key of the peer."
        ),
        \PeerShareAnswer.share.hasPrivateKey
    )
    package let isFullTunnel = AnswerMember(
        PeerShareMembers.isFullTunnel,
        \PeerShareAnswer.share.isFullTunnel
    )
    package let configRevision = AnswerMember(
        Member(
            "config_revision",
            Codec<Int64>.count,
            "The revision of the config file behind the link."
        ),
        \PeerShareAnswer.share.configRevision
    )
    package let expiresAt = AnswerMember(
        Member(
            "expires_at",
            Codec<Timestamp>.time,
            "The time from which on the link leads to nothing."
        ),
        \PeerShareAnswer.share.expiresAt
    )
    package let usedAt = AnswerMember(
        nullable: Member(
            "used_at",
            Codec<Timestamp>.time,
            "The time at which the link gave the config file away, or null if it did not."
        ),
        \PeerShareAnswer.share.usedAt
    )
    package let createdAt = AnswerMember(.createdAt(of: "share"), \PeerShareAnswer.share.createdAt)
}

extension Member<PeerID> {
    static func peerID(of object: String) -> Member {
        Member(
            "wireguard_peer_id",
            .id(),
            "The id of the peer whose config file the \(object) leads to."
        )
    }
}

extension PeerShare {
    /// Without the link.
    package var json: JSONValue { PeerShareAnswer(self).json }
}
