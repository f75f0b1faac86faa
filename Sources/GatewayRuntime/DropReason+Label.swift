package import WireGuardEngine

extension DropReason {
    /// What metrics and histories call the reason: `badMAC1` is `bad_mac1`.
    package var label: String { Self.labels[Int(rawValue)] }

    private static let labels = allCases.map { snakeCase("\($0)") }

    private static func snakeCase(_ name: String) -> String {
        var text = ""
        var isLower = false
        for character in name {
            if character.isUppercase, isLower { text += "_" }
            isLower = character.isLowercase
            text += character.lowercased()
        }
        return text
    }
}
