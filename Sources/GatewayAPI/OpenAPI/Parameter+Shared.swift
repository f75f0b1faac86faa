import APIContract
import GatewayDomain
import HTTPEdge
import HTTPTypes
import OpenAPI

/// The parameters that many operations have.
extension Parameter {
    static let shared = [
        id, regionCode, pageNumber, pageSize, organization, idempotencyKey, ifNoneMatch, ifMatch,
    ]

    static let id = Parameter(
        name: "id",
        place: .path,
        about: "The id of the object that the request is about.",
        schema: .id("A UUID, in upper or lower case."),
        component: "ID"
    )
    static let regionCode = Parameter(
        name: "code",
        place: .path,
        about: "The code of the region that the request is about.",
        schema: .string("A code such as `ashburn-va`."),
        component: "RegionCode"
    )
    static let pageNumber = Parameter(
        name: "page[number]",
        place: .query,
        about: "Which page of the list is asked for. A page beyond the end is empty.",
        schema: .integer("Counts from 1, and is 1 where it is left out.", Page.numbers),
        component: "PageNumber"
    )
    static let pageSize = Parameter(
        name: "page[size]",
        place: .query,
        about: "How many objects each page of the list has.",
        schema: .integer("Is \(Page.first.size) where it is left out.", Page.sizes),
        component: "PageSize"
    )
    static let organization = header(
        .organization,
        "The organization that an admin acts for, instead of the one of its API key.",
        .id("The id of an organization."),
        component: "Organization"
    )
    static let idempotencyKey = header(
        .idempotencyKey,
        """
        A name for this request, made up by the client. Sent again within 24 hours, the request gets the \
        first answer again and nothing is made a second time.
        """,
        .string(
            "Letters, digits, `_`, `:` and `-`.",
            pattern: "^[A-Za-z0-9_:-]+$",
            length: 1...255
        ),
        component: "IdempotencyKey"
    )
    static let ifNoneMatch = header(
        .ifNoneMatch,
        "The entity tag of an earlier answer. If the object still has it, the answer is 304 without a body.",
        .string("Entity tags as in RFC 9110, section 13.1.2."),
        component: "IfNoneMatch"
    )
    static let ifMatch = header(
        .ifMatch,
        "The entity tag of an earlier answer. If the object was changed since, nothing is done.",
        .string("Entity tags as in RFC 9110, section 13.1.1."),
        component: "IfMatch"
    )

    static let allRegions = Parameter.query(
        "all",
        "Whether regions are listed as well in which no node takes gateways. That is for admins.",
        .bool("Is `false` where it is left out.")
    )

    static let fullTunnel = Parameter.query(
        "full_tunnel",
        """
        Whether the peer is to send everything through the tunnel, which is done where the network has \
        another way out than this peer.
        """,
        .bool("Is `false` where it is left out.")
    )

    /// What a URL carries instead of an API key.
    static func token(_ about: String) -> Parameter {
        Parameter(
            name: "token",
            place: .path,
            about: about,
            schema: .string("A secret of 22 letters, digits, `-` and `_`.")
        )
    }

    private static func header(
        _ name: HTTPField.Name,
        _ about: String,
        _ schema: Schema,
        component: String
    ) -> Parameter {
        Parameter(
            name: name.canonicalName,
            place: .header,
            about: about,
            schema: schema,
            component: component
        )
    }
}

/// The filters that several lists have.
extension Parameter {
    static func networkFilter(_ member: Member<NetworkID>) -> Parameter {
        .filter(
            member,
            "Lists only the gateways of this network.",
            .id("The id of the network that the listed objects belong to.")
        )
    }

    static func nameFilter(_ member: Member<String>, of objects: String) -> Parameter {
        .filter(
            member,
            "Lists only the \(objects) with exactly this name.",
            .string("A whole name, in upper and lower case as it was given.")
        )
    }

    static func namePartFilter(_ member: Member<String>, of objects: String) -> Parameter {
        .filter(
            "\(member.name)][contains",
            "Lists only the \(objects) whose name has this text in it.",
            .string(
                "A part of a name; the letters A to Z match in upper and lower case.",
                length: 0...ObjectName.maximumLength
            )
        )
    }

    /// In which order a list is answered.
    static func order<Member>(_: ListOrder<Member>.Type) -> Parameter {
        .query(
            "sort",
            """
            The member that the list is ordered by, with a `-` before it for the largest first. Objects that are \
            equal in it follow each other by age. Those without a value come before all others, as if it were \
            the smallest.
            """,
            .word(
                "Is `created_at` where it is left out: the oldest first.",
                ListOrder<Member>.words
            )
        )
    }
}
