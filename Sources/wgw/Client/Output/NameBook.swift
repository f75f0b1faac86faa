import APIContract
import GatewayClient
import GatewayDomain

/// The names of objects that other objects mention by id, for people to read.
struct NameBook: Sendable {
    struct Need: OptionSet {
        static let gateways = Need(rawValue: 1)
        static let internetGateways = Need(rawValue: 2)
        static let networks = Need(rawValue: 4)
        /// Users and API keys.
        static let principals = Need(rawValue: 8)
        /// Not a name: which quotas keep packets back.
        static let usedUpQuotas = Need(rawValue: 16)

        let rawValue: Int
    }

    private var names: [String: String] = [:]
    private(set) var quotas = UsedUpQuotas()

    static let empty = NameBook()

    /// Reads the lists that are needed.
    static func reading(_ needs: Need, _ client: GatewayClient) async throws -> NameBook {
        var book = NameBook()
        if needs.contains(.gateways) {
            for try await page in client.pages(of: .gateways) {
                for gateway in page { book.names["\(gateway.id)"] = gateway.name }
            }
        }
        if needs.contains(.internetGateways) {
            for gateway in try await client.all(.internetGateways) {
                book.names["\(gateway.id)"] = gateway.name
            }
        }
        if needs.contains(.networks) {
            for try await page in client.pages(of: .networks) {
                for network in page { book.names["\(network.id)"] = network.name }
            }
        }
        if needs.contains(.principals) { try await book.addPrincipals(client) }
        if needs.contains(.usedUpQuotas) { book.quotas = try await .reading(client) }
        return book
    }

    /// The caller, and where it may see them all others.
    private mutating func addPrincipals(_ client: GatewayClient) async throws {
        let caller = try await client.caller()
        names["\(caller.id)"] = caller.name
        guard let role = caller.role.known, role >= .owner else { return }
        for user in try await client.all(.users) { names["\(user.id)"] = user.name }
        for key in try await client.all(.apiKeys) { names["\(key.id)"] = key.name }
    }

    /// The names of some peers, of which there may be many more.
    mutating func add(peers ids: [PeerID], _ client: GatewayClient) async throws {
        let unknown = Set(ids.map(\.description)).filter { names[$0] == nil }.sorted()
        for start in stride(from: 0, to: unknown.count, by: GatewayDomain.PeerFilter.mostIDs) {
            let some = unknown[start...].prefix(GatewayDomain.PeerFilter.mostIDs).joined(
                separator: ","
            )
            for peer in try await client.all(.peers, [ListQuery([("id", some)])]) {
                names["\(peer.id)"] = peer.name
            }
        }
    }

    /// The name, or the id where there is none.
    func name(of id: some CustomStringConvertible) -> String { names["\(id)"] ?? "\(id)" }
}
