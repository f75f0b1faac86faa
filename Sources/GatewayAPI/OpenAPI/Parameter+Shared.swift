import GatewayDomain
import OpenAPI

/// The parameters that many operations have.
extension Parameter {
    static let shared = [
        id, pageNumber, pageSize, organization, idempotencyKey, ifNoneMatch, ifMatch,
    ]

    static let id = Parameter(
        name: "id",
        place: .path,
        about: "Which one.",
        schema: .id("Its id."),
        component: "ID"
    )
    static let pageNumber = Parameter(
        name: "page[number]",
        place: .query,
        about: "Which page, 1 if left out. One beyond the end is empty.",
        schema: .integer("From 1.", Page.numbers),
        component: "PageNumber"
    )
    static let pageSize = Parameter(
        name: "page[size]",
        place: .query,
        about: "How many objects a page has, 20 if left out.",
        schema: .integer("How many.", Page.sizes),
        component: "PageSize"
    )
    static let organization = Parameter(
        name: "x-wgw-organization",
        place: .header,
        about: "The organization that an admin acts for.",
        schema: .id("Its id."),
        component: "Organization"
    )
    static let idempotencyKey = Parameter(
        name: "idempotency-key",
        place: .header,
        about: "Names this request: repeated within 24 hours it gets the same answer, and nothing"
            + " is made a second time.",
        schema: .string("Made up by the client.", pattern: "^[A-Za-z0-9_:-]+$", length: 1...255),
        component: "IdempotencyKey"
    )
    static let ifNoneMatch = Parameter(
        name: "if-none-match",
        place: .header,
        about: "An entity tag: if the object still has it, the answer is 304.",
        schema: .string("RFC 9110, section 13.1.2."),
        component: "IfNoneMatch"
    )
    static let ifMatch = Parameter(
        name: "if-match",
        place: .header,
        about: "An entity tag: if the object was changed since, nothing is done.",
        schema: .string("RFC 9110, section 13.1.1."),
        component: "IfMatch"
    )
}
