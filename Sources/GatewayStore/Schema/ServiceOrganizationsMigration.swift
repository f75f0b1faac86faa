extension Migrations {
    /// A private service may be for some organizations only.
    static let serviceOrganizations = Migration(
        id: "2026-11-26-service-organizations",
        script: "ALTER TABLE private_service ADD COLUMN organization_ids TEXT;"
    )
}
