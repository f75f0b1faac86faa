extension Migrations {
    /// The two small sigmas are one letter of user names. Of two users whose names differ by nothing else, one keeps a
    /// name by which it is not found: it signs in again when it is renamed.
    static let finalSigma = Migration(
        id: "2026-11-26-final-sigma",
        script: """
            UPDATE OR IGNORE user_account SET lookup_name = replace(lookup_name, char(0x3C2), char(0x3C3));
            """
    )
}
