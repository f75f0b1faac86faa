import APIContract
import GatewayClient
import GatewayDomain

/// The names of objects that other objects mention by id, for people to read.
struct NameBook: Sendable {
    enum Need: Sendable {
        case gateways, networks
    }

    private var names: [String: String] = [:]

    static let empty = NameBook()

    /// Reads the lists that are needed.
    static func reading(_ needs: Set<Need>, _ client: GatewayClient) async throws -> NameBook {
        var book = NameBook()
        if needs.contains(.gateways) {
            for try await page in client.pages(of: .gateways) {
                for gateway in page { book.names["\(gateway.id)"] = gateway.name }
            }
        }
        if needs.contains(.networks) {
            for try await page in client.pages(of: .networks) {
                for network in page { book.names["\(network.id)"] = network.name }
            }
        }
        return book
    }

    /// The name, or the id where there is none.
    func name(of id: some CustomStringConvertible) -> String { names["\(id)"] ?? "\(id)" }
}
