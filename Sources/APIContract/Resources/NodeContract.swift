package import GatewayDomain
package import JSON

extension NewNode: APIRequest {
    package static let contract = RequestContract<NewNode>(
        "NewNode",
        "A request to make a node, which a machine becomes with the join token of the answer.",
        [
            .required(NodeMembers.name, \.name),
            .required(NodeMembers.regionsRequest, \.regionCodes),
            .required(NodeMembers.hostRequest, \.host),
            .optional(
                NodeMembers.ports.described(
                    """
                    The UDP ports that gateways of the node may have, as a first and a last one with a hyphen \
                    between them; those of the server's own node where it is left out.
                    """
                ),
                \.ports
            ),
            .optional(NodeMembers.expiresIn, \.expiresIn),
        ]
    )
}

extension NodeChangeRequest: APIRequest {
    package static let contract = RequestContract<NodeChangeRequest>(
        "NodeChange",
        "A request to change a node; what it leaves out stays as it is.",
        [
            .optional(NodeMembers.name, \.name),
            .optional(NodeMembers.regionsRequest, \.regionCodes),
            .optional(NodeMembers.hostRequest, \.host),
            .optional(
                NodeMembers.ports.described(
                    "The UDP ports that gateways of the node may have. Those that are in use have to stay among them."
                ),
                \.ports
            ),
            .optional(NodeMembers.isDraining, \.isDraining),
        ]
    )
}

extension NewJoinToken: APIRequest {
    package static let contract = RequestContract<NewJoinToken>(
        "NewJoinToken",
        "A request to make a new join token of a node.",
        [.optional(NodeMembers.expiresIn, \.expiresIn)]
    )
}

/// A node as one answer shows it. Only the answer that makes a join token has it.
package struct NodeAnswer: Sendable {
    package let node: GatewayNode
    package let joinToken: JoinToken?

    package init(_ node: GatewayNode, joinToken: JoinToken? = nil) {
        self.node = node
        self.joinToken = joinToken
    }
}

extension NodeAnswer: APIObject {
    package static let contract = AnswerContract(
        "Node",
        "A node: a machine that carries gateways, or the server itself as far as it does.",
        NodeMembers()
    )
}

package struct NodeMembers: AnswerMembers {
    package static let name = Member(
        "name",
        Codec<String>.name,
        "The name of the node, which no other node of the server has."
    )
    private static let regions = "regions"
    private static let region = "The code of one region."
    static let regionsRequest = Member(
        regions,
        Codec<[Field<String>]>.fields(of: .text(example: "ashburn-va"), region),
        "The regions whose gateways the node carries, of which it has at least one."
    )
    static let regionsShown = Member(
        regions,
        Codec<[String]>.array(of: .text(example: "ashburn-va"), region),
        "The regions whose gateways the node carries."
    )
    static let host = Member(
        "endpoint_address",
        Codec<PublicHost>.parsed("an IP address or a host name", example: "198.51.100.7"),
        "The address or host name at which peers find the gateways of the node."
    )
    static let hostRequest = host.described(
        """
        The address or host name at which peers find the gateways of the node: no address of loopback, and none that \
        stands for no single host.
        """
    )
    static let ports = Member(
        "port_range",
        Codec<PortRange>.parsed("a range of ports like 5000-5999", example: "5000-5999"),
        "The UDP ports that gateways of the node may have."
    )
    package static let state = Member(
        "state",
        Codec<GatewayNode.State>.word,
        """
        How the node is: `joining` until a machine has used its join token, `connected` or `away` by whether the \
        server hears of it, `draining` where it is connected and gets no new gateways.
        """
    )
    static let isDraining = Member(
        "draining",
        Codec<Bool>.bool,
        "Whether the node gets no new gateways; those that it has stay until they are moved."
    )
    static let expiresIn = Member(
        "expires_in",
        Codec<Int>.integer(in: JoinToken.seconds),
        """
        The number of seconds for which the join token can be used, which are \
        \(JoinToken.defaultSeconds / 60) minutes where it is left out.
        """
    )

    package typealias Object = NodeAnswer

    package let id = AnswerMember(.id(of: "node"), \NodeAnswer.node.id)
    package let recordType = AnswerMember<NodeAnswer, String>(recordType: "node")
    package let name = AnswerMember(NodeMembers.name, \NodeAnswer.node.name)
    package let regionCodes = AnswerMember(NodeMembers.regionsShown, \NodeAnswer.node.regionCodes)
    package let host = AnswerMember(NodeMembers.host, \NodeAnswer.node.host)
    package let ports = AnswerMember(NodeMembers.ports, \NodeAnswer.node.ports)
    package let isEmbedded = AnswerMember(
        Member(
            "embedded",
            Codec<Bool>.bool,
            "Whether this is the node inside of the server, which follows the server's settings."
        ),
        \NodeAnswer.node.isEmbedded
    )
    package let state = AnswerMember(word: NodeMembers.state, \NodeAnswer.node.state)
    package let isDraining = AnswerMember(NodeMembers.isDraining, \NodeAnswer.node.isDraining)
    package let stateSince = AnswerMember(
        Member(
            "connection_changed_at",
            Codec<Timestamp>.time,
            "The time since which the node is connected, or is not."
        ),
        \NodeAnswer.node.presenceSince
    )
    package let lastSeenAt = AnswerMember(
        nullable: Member(
            "last_seen_at",
            Codec<Timestamp>.time,
            "The time at which the server last heard of the node, or null if never."
        ),
        \NodeAnswer.node.lastSeenAt
    )
    package let version = AnswerMember(
        nullable: Member(
            "version",
            Codec<String>.text(example: "1.4.0"),
            "The version of the program that the node runs, or null where it is not known."
        ),
        \NodeAnswer.node.version
    )
    package let revision = AnswerMember(
        nullable: Member(
            "revision",
            Codec<Int64>.count,
            "The revision up to which the gateways of the node are as they should be, or null where it is not known."
        ),
        \NodeAnswer.node.activity.revision
    )
    package let gatewaysCount = AnswerMember(
        Member("gateways_count", Codec<Int>.count, "The number of gateways that the node carries."),
        \NodeAnswer.node.activity.gatewaysCount
    )
    package let loadPercent = AnswerMember(
        nullable: Member(
            "load_percent",
            Codec<Int>.count,
            "How busy the processors of the node are, in percent of all of them, or null where it is not known."
        ),
        \NodeAnswer.node.activity.loadPercent
    )
    package let secondSessionAt = AnswerMember(
        nullable: Member(
            "second_session_refused_at",
            Codec<Timestamp>.time,
            """
            The time at which a second process was last refused that showed the credential of the node, which may \
            be stolen then; null if never.
            """
        ),
        \NodeAnswer.node.secondSessionAt
    )
    package let joinToken = AnswerMember(
        disclosed: Member(
            "join_token",
            Codec<JoinToken>.parsed("a join token"),
            """
            What lets one machine become the node, once, by `wgw node --join`. It stands in the answer that makes it \
            and in no other.
            """
        ),
        \NodeAnswer.joinToken
    )
    package let tokenExpiresAt = AnswerMember(
        nullable: Member(
            "join_token_expires_at",
            Codec<Timestamp>.time,
            "The time until which the join token of the node can be used, or null if it has none that can be."
        ),
        \NodeAnswer.node.tokenExpiresAt
    )
    package let createdAt = AnswerMember(.createdAt(of: "node"), \NodeAnswer.node.createdAt)
    package let updatedAt = AnswerMember(.updatedAt(of: "node"), \NodeAnswer.node.updatedAt)
}

extension GatewayNode {
    /// Without a join token.
    package var json: JSONValue { NodeAnswer(self).json }
}
