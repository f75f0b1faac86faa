package import GatewayDomain
import JSON
package import NetAddress
import OpenAPI

extension NewNetworkRoute: APIRequest {
    package static let contract = RequestContract<NewNetworkRoute>(
        "NewNetworkRoute",
        "A request to make a static route, which leads to a network behind a peer.",
        [
            .required(.networkID(of: "route"), \.networkID),
            .required(NetworkRouteMembers.prefixRequest, \.prefix),
            .required(NetworkRouteMembers.nextHopRequest, \.nextHop),
        ]
    )
}

extension NetworkRoute: APIObject {
    package static let contract = AnswerContract(
        "NetworkRoute",
        "A route of a network's effective table, in which the longest prefix wins.",
        NetworkRouteMembers()
    )
}

package struct NetworkRouteMembers: AnswerMembers {
    package static let networkID = Member.networkID(of: "route")
    private static let cidr = "cidr"
    private static let aboutPrefix =
        "The network that the route leads to, in CIDR notation."
    static let prefixRequest = Member(
        cidr,
        Codec<IPv4Prefix>.network(example: "192.168.10.0/24"),
        aboutPrefix
    )
    package static let prefix = Member(
        cidr,
        Codec<IPPrefix>.network(example: "192.168.10.0/24"),
        aboutPrefix
    )
    private static let hop = "next_hop"
    static let nextHopRequest = Member(
        hop,
        Codec<NewNetworkRoute.RequestedHop>.requested,
        "What packets of the route are given to, which is a peer of the network."
    )

    package typealias Object = NetworkRoute

    package let id = AnswerMember(
        Member<NetworkRouteID>(
            "id",
            .id(),
            """
            The id of the route; that of a gateway's subnet, of a default gateway and of an internet gateway is \
            the id of that object.
            """
        ),
        \NetworkRoute.id
    )
    package let recordType = AnswerMember<NetworkRoute, String>(recordType: "network_route")
    package let networkID = AnswerMember(NetworkRouteMembers.networkID, \NetworkRoute.networkID)
    package let prefix = AnswerMember(NetworkRouteMembers.prefix, \NetworkRoute.prefix)
    package let nextHop = AnswerMember(
        Member(
            hop,
            Codec<Part<NetworkRoute.NextHop>>.part(of: NetworkRoute.NextHop.self),
            "What packets of the route are given to."
        )
    ) { (route: NetworkRoute) in .made(route.nextHop) }
    package let origin = AnswerMember(
        word: Member(
            "origin",
            Codec<NetworkRoute.Origin>.word,
            """
            Where the route comes from: `static` for a network behind a peer, `attachment` for what goes with a \
            gateway, a default gateway or an internet gateway.
            """
        ),
        \NetworkRoute.origin
    )
    package let status = AnswerMember(
        word: Member(
            "status",
            Codec<NetworkRoute.Status>.word,
            "Whether packets take the route now, for which its gateway has to be in service."
        ),
        \NetworkRoute.status
    )
    package let createdAt = AnswerMember(.createdAt(of: "route"), \NetworkRoute.createdAt)
    package let updatedAt = AnswerMember(.updatedAt(of: "route"), \NetworkRoute.updatedAt)
}

extension NetworkRoute.NextHop: APIObject {
    package static let contract = AnswerContract(
        "NextHop",
        "What packets of a route are given to.",
        NextHopMembers()
    )
}

package struct NextHopMembers: AnswerMembers {
    fileprivate static let requestedKind = Member(
        "type",
        Codec<String>.oneOf([NetworkRoute.NextHop.HopKind.peer.rawValue]),
        "The kind of the object that packets are given to."
    )
    fileprivate static let peerID = Member(
        "id",
        Codec<PeerID>.id(),
        "The id of the peer that packets are given to."
    )

    package typealias Object = NetworkRoute.NextHop

    package let kind = AnswerMember(
        word: Member(
            "type",
            Codec<NetworkRoute.NextHop.HopKind>.word,
            "The kind of the object that packets are given to."
        ),
        \NetworkRoute.NextHop.kind
    )
    package let id = AnswerMember(
        Member("id", Codec<String>.anyID, "The id of the object that packets are given to."),
        \NetworkRoute.NextHop.id
    )
}

extension Codec<NewNetworkRoute.RequestedHop> {
    /// An object inside of a request, whose members are fields of their own.
    fileprivate static var requested: Codec {
        let (kind, id) = (NextHopMembers.requestedKind, NextHopMembers.peerID)
        return Codec(
            schema: { description in
                .object(
                    description,
                    [
                        Schema.Property(kind.name, kind.schema, isOptional: false),
                        Schema.Property(id.name, id.schema, isOptional: false),
                    ]
                )
            },
            encode: { hop in
                var json = JSONObject()
                if case .value(let text) = hop.kind.content { json.add(kind.name, .string(text)) }
                if case .value(let peer) = hop.id.content { json.add(id.name, .string("\(peer)")) }
                return .object(json)
            },
            decode: { (value, pointer) throws(FieldProblem) in
                guard case .object(let body) = value else {
                    throw FieldProblem(pointer, .wrongType(expected: "object"))
                }
                var hop = NewNetworkRoute.RequestedHop()
                hop.kind = field(kind, in: body, pointer)
                hop.id = field(id, in: body, pointer)
                return hop
            },
            problems: { [$0.kind.problem, $0.id.problem].compactMap(\.self) }
        )
    }

    private static func field<Inner>(
        _ member: Member<Inner>,
        in body: JSONObject,
        _ pointer: String
    ) -> Field<Inner> {
        let place = pointer + member.pointer
        guard let json = body[member.name] else { return Field(.absent, at: place) }
        guard json != .null else { return Field(.null, at: place) }
        do throws(FieldProblem) {
            return Field(.value(try member.codec.decodeRequested(json, place)), at: place)
        } catch {
            return Field(.wrong(error), at: place)
        }
    }
}
