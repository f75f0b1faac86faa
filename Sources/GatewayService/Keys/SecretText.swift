import FoundationEssentials

/// Secrets that this server makes for URLs and cookies.
enum SecretText {
    /// Random bytes in the alphabet of RFC 4648 section 5, which paths and cookies take as it is.
    static func random(bytes count: Int) -> String {
        var bytes = [UInt8](repeating: 0, count: count)
        bytes.withUnsafeMutableBytes { fillRandomly($0) }
        return Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
