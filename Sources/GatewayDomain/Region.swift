/// A place where gateways can be made.
package struct Region: Equatable, Sendable {
    package let code: String
    /// Like `Ashburn VA, US`.
    package let name: String
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(code: String, name: String, createdAt: Timestamp, updatedAt: Timestamp) {
        self.code = code
        self.name = name
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Reads `code` or `code=Name`, the form of the operator's configuration. A known code brings
    /// its own name; any other is named after its code.
    package static func parse(_ text: String, at now: Timestamp) throws(RegionError) -> Region {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let code = String(parts.first ?? "")
        guard isCode(code) else { throw .malformedCode(code) }
        var name = KnownSite.named(code)?.name ?? code
        if parts.count == 2 {
            guard let given = ObjectName.normalized(String(parts[1])) else {
                throw .malformedName(String(parts[1]))
            }
            name = given
        }
        return Region(code: code, name: name, createdAt: now, updatedAt: now)
    }

    private static func isCode(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}

package enum RegionError: Error, Equatable, Sendable {
    case malformedCode(String)
    case malformedName(String)
}

extension RegionError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformedCode(let code):
            "'\(code)' is no region code; use 1 to 63 of a-z, 0-9 and '-', like ashburn-va"
        case .malformedName(let name):
            "'\(name)' is no region name; use 1 to 255 characters that can be seen, like 'Ashburn VA, US'"
        }
    }
}
