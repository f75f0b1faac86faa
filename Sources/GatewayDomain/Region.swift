/// A place where gateways can be made.
package struct Region: Equatable, Sendable {
    package let code: String
    /// Like `Ashburn VA, US`.
    package var name: String
    /// Where it lies, as far as the operator says so.
    package var place: Place
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    package struct Place: Equatable, Sendable {
        /// Parts of the world as clients know them.
        package static let areas = ["AMER", "EMEA", "APAC"]
        /// Of a site or a data centre, in characters.
        package static let maximumLength = 32

        package var area: String?
        package var site: String?
        /// The data centre.
        package var pop: String?

        package init(area: String? = nil, site: String? = nil, pop: String? = nil) {
            self.area = area
            self.site = site
            self.pop = pop
        }
    }

    package init(
        code: String,
        name: String,
        place: Place = Place(),
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.code = code
        self.name = name
        self.place = place
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Reads `code` or `code=Name`, the form of the operator's configuration, and behind it
    /// `,area=EMEA`, `,site=FRA` and `,pop=FR5`, each of which may be left out. A known code brings its own
    /// name and place; any other is named after its code.
    package static func parse(_ text: String, at now: Timestamp) throws(RegionError) -> Region {
        // A name may have commas: what follows it begins with one and a word in front of a `=`.
        let end = text.firstRange(of: /,\s*[a-z]+=/)?.lowerBound ?? text.endIndex
        let place = try Place(parsing: text[end...].dropFirst())
        let parts = text[..<end].split(
            separator: "=",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let code = String(parts.first ?? "")
        guard isCode(code) else { throw .malformedCode(code) }
        var name = knownName(of: code) ?? code
        if parts.count == 2 {
            guard let given = ObjectName.normalized(String(parts[1])) else {
                throw .malformedName(String(parts[1]))
            }
            name = given
        }
        return Region(code: code, name: name, place: place, createdAt: now, updatedAt: now)
    }

    /// The most that an installation can have.
    package static let mostRegions = 1_000

    /// That of a site which clients know.
    package static func knownName(of code: String) -> String? { KnownSite.named(code)?.name }

    package static func isCode(_ text: String) -> Bool {
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

extension Region.Place {
    /// Reads `area=EMEA,site=FRA,pop=FR5`, in any order.
    fileprivate init(parsing text: Substring) throws(RegionError) {
        self.init()
        guard !text.isEmpty else { return }
        for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let match = entry.wholeMatch(of: /\s*([a-z]+)=([A-Za-z0-9-]+)\s*/),
                match.2.utf8.count <= Self.maximumLength
            else { throw .malformedPlace(String(entry)) }
            let value = String(match.2)
            switch match.1 {
            case "area" where area == nil && Self.areas.contains(value): area = value
            case "site" where site == nil: site = value
            case "pop" where pop == nil: pop = value
            default: throw .malformedPlace(String(entry))
            }
        }
    }
}

package enum RegionError: Error, Equatable, Sendable {
    case malformedCode(String)
    case malformedName(String)
    case malformedPlace(String)
}

extension RegionError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformedCode(let code):
            "'\(code)' is not a region code; use 1 to 63 of a-z, 0-9 and '-', like ashburn-va"
        case .malformedName(let name):
            "'\(name)' is not a region name; use 1 to 255 characters that can be seen, like 'Ashburn VA, US'"
        case .malformedPlace(let entry):
            """
            '\(entry)' does not say where a region lies; use area=AMER, area=EMEA or area=APAC, and \
            site= and pop= with 1 to 32 of A-Z, a-z, 0-9 and '-', each once
            """
        }
    }
}
