import GatewayDomain
import OpenAPI

extension Schemas {
    static let organizations: [(name: String, schema: Schema)] = [
        (
            "NewOrganization",
            .object("A tenant to be made.", ["name": .name("No other one may have it.")])
        ),
        (
            "OrganizationChange",
            .object(
                "What is to be changed of a tenant.",
                [
                    "name": .name("No other one may have it.").orNull,
                    "suspended": .bool("Whether its keys open nothing.").orNull,
                ],
                optional: ["name", "suspended"]
            )
        ),
        (
            "Organization",
            .object(
                "A tenant.",
                [
                    "id": .id("Names it."),
                    "record_type": .recordType("organization"),
                    "name": .name("What people call it."),
                    "suspended": .bool("Whether its keys open nothing."),
                    "suspended_at": .time("Since when.").orNull,
                    "created_at": .time("When it was made."),
                    "updated_at": .time("When somebody changed it."),
                ]
            )
        ),
    ]

    static let apiKeys: [(name: String, schema: Schema)] = [
        (
            "NewAPIKey",
            .object(
                "An API key to be made.",
                [
                    "name": .name("What people call it."),
                    "role": .word("What it may do.", Role.allCases.map(\.rawValue)),
                    "network_ids": .array(
                        "The networks that it sees; all if left out.",
                        of: .id("A network.")
                    ).orNull,
                    "expires_at": .time("From then on it opens nothing.").orNull,
                ],
                optional: ["network_ids", "expires_at"]
            )
        ),
        (
            "APIKey",
            .object(
                "An API key, without the key itself.",
                [
                    "id": .id("Names it."),
                    "record_type": .recordType("api_key"),
                    "organization_id": .id("Whose it is."),
                    "name": .name("What people call it."),
                    "prefix": .string("How the key begins.").orNull,
                    "api_key": .string("The key, in the one answer that makes it."),
                    "role": .word("What it may do.", Role.allCases.map(\.rawValue)),
                    "network_ids": .array(
                        "The networks that it sees; null for all.",
                        of: .id("A network.")
                    ).orNull,
                    "expires_at": .time("From then on it opens nothing.").orNull,
                    "last_used_at": .time("To the minute.").orNull,
                    "created_at": .time("When it was made."),
                ],
                optional: ["api_key"]
            )
        ),
    ]
}
