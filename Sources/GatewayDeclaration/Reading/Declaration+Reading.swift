import GatewayDomain
import JSON
import Spelling

extension Declaration {
    /// Objects with mistakes are among those that were read, so that what names them is not one more.
    package static func read(_ text: String) -> Declaration {
        var declaration = Declaration()
        do throws(Mistake) {
            declaration.read(try DocumentNode.parse(text))
        } catch {
            declaration.mistakes.append(error)
        }
        declaration.mistakes.sort { $0.line < $1.line }
        return declaration
    }

    private static let versionMember = "version"

    private mutating func read(_ root: DocumentNode) {
        guard case .mapping(let members) = root.content else {
            mistakes.append(
                Mistake(
                    line: root.line,
                    "the file must be a mapping: version: 1, and lists of networks, gateways, peers"
                )
            )
            return
        }
        check(version: members.first { $0.name == Self.versionMember }, in: root)
        for member in members where member.name != Self.versionMember {
            guard let kind = DeclaredKind.allCases.first(where: { $0.section == member.name })
            else {
                let known = DeclaredKind.allCases.map(\.section) + [Self.versionMember]
                let meant = Self.suggestion(for: member.name, in: known)
                mistakes.append(
                    Mistake(line: member.line, "'\(member.name)' is not a section\(meant)")
                )
                continue
            }
            sections.insert(kind)
            read(kind, member.value)
        }
        objects.sort { $0.kind < $1.kind }
    }

    private mutating func check(version: DocumentNode.Entry?, in root: DocumentNode) {
        guard let version else {
            mistakes.append(
                Mistake(line: root.line, "the version is missing; begin with version: 1")
            )
            return
        }
        guard version.value.json != .integer(Self.version) else { return }
        mistakes.append(
            Mistake(line: version.line, "the version must be 1, the only one that this wgw reads")
        )
    }

    private mutating func read(_ kind: DeclaredKind, _ section: DocumentNode) {
        switch section.content {
        case .single(.null): break
        case .list(let elements):
            for (index, element) in elements.enumerated() {
                read(element, "\(kind.section)[\(index)]", kind)
            }
        case .single, .mapping:
            mistakes.append(
                Mistake(line: section.line, "\(kind.section) must be a list of \(kind.section)")
            )
        }
    }

    private mutating func read(_ element: DocumentNode, _ path: String, _ kind: DeclaredKind) {
        guard case .mapping(let members) = element.content else {
            mistakes.append(
                Mistake(
                    line: element.line,
                    "\(path) must be a mapping of the \(kind.noun)'s members"
                )
            )
            return
        }
        var reader = ObjectReader(kind: kind, path: path, line: element.line)
        for member in members { reader.read(member) }
        let (object, found) = reader.finish()
        objects.append(object)
        mistakes += found
    }

    static func suggestion(for word: String, in known: [String]) -> String {
        guard let nearest = NearestWord.to(word, among: known) else {
            return "; there are: \(known.joined(separator: ", "))"
        }
        return "; '\(nearest)' is the nearest"
    }
}
