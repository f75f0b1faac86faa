import APIContract
import GatewayDomain
import GatewayService
import JSON
import NetAddress
import ServiceTestSupport
import Testing

struct NetworkTests {
    @Test("a created network has status provisioned, a trimmed name and the default block")
    func create() async throws {
        let fixture = try await ServiceFixture()
        let request = NewNetwork(reading: ["name": "  my first network "])
        let network = try await fixture.controlPlane.perform(
            .createNetwork(request),
            by: fixture.caller
        )
        #expect(network.name == "my first network")
        #expect(network.addressBlock.description == "172.27.0.0/16")
        #expect(network.createdAt == network.updatedAt)
        #expect(
            try await fixture.controlPlane.showNetwork(network.id, by: fixture.caller) == network
        )
    }

    @Test("a network needs a name, and all problems of its request are reported together")
    func invalid() async throws {
        let fixture = try await ServiceFixture()
        let problems = await fixture.problems {
            let request = NewNetwork(reading: ["address_block": "10.0.0.1/16"])
            _ = try await fixture.controlPlane.perform(.createNetwork(request), by: fixture.caller)
        }
        #expect(problems.map(\.pointer) == ["/name", "/address_block"])
        #expect(problems.first?.reason == .missing)
        let list = try await fixture.controlPlane.listNetworks(page: .first, by: fixture.caller)
        #expect(list.totalResults == 0)
    }

    @Test(
        "a network whose address block gateways cannot use is refused",
        arguments: ["127.0.0.0/16", "10.0.0.0/31", "0.0.0.0/0", "224.0.0.0/16", "fd00::/64", ""]
    )
    func badBlock(block: String) async throws {
        let fixture = try await ServiceFixture()
        let problems = await fixture.problems { _ = try await fixture.network(block: block) }
        #expect(problems.map(\.pointer) == ["/address_block"])
    }

    @Test("networks are listed by age, filtered by equal name, and in stable pages")
    func list() async throws {
        let fixture = try await ServiceFixture()
        var made: [Network] = []
        for number in 0..<5 {
            var request = NewNetwork()
            request.name = .value(number == 3 ? "special" : "plain")
            made.append(
                try await fixture.controlPlane.perform(.createNetwork(request), by: fixture.caller)
            )
        }
        func list(name: String?, page: Page = .first) async throws -> PageOf<Network> {
            var filter = NetworkFilter()
            filter.name = name
            return try await fixture.controlPlane.listNetworks(
                filter,
                page: page,
                by: fixture.caller
            )
        }
        let all = try await list(name: nil)
        #expect(all.elements == made)
        let page = try #require(Page(number: 2, size: 2))
        let second = try await list(name: nil, page: page)
        #expect(second.elements == Array(made[2...3]))
        #expect(second.totalPages == 3)
        let special = try await list(name: "special")
        #expect(special.elements == [made[3]])
        #expect(try await list(name: "spec").totalResults == 0)
    }

    @Test("a network's new name is stored and moves updated_at")
    func rename() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        var change = NetworkChange()
        change.name = .value("other")
        let renamed = try await fixture.controlPlane.perform(
            .renameNetwork(network.id, change),
            by: fixture.caller
        )
        #expect(renamed.name == "other")
        #expect(renamed.updatedAt > network.updatedAt)
        #expect(renamed.createdAt == network.createdAt)
        #expect(
            try await fixture.controlPlane.showNetwork(network.id, by: fixture.caller) == renamed
        )
        let problems = await fixture.problems {
            _ = try await fixture.controlPlane.perform(
                .renameNetwork(network.id, NetworkChange(reading: [:])),
                by: fixture.caller
            )
        }
        #expect(problems == [FieldProblem("/name", .missing)])
    }

    @Test("a network with gateways is not deleted, and an empty one is")
    func delete() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        func delete() async throws -> Network {
            try await fixture.controlPlane.perform(.deleteNetwork(network.id), by: fixture.caller)
        }
        let title = gateway.name.map { "the gateway '\($0)'" } ?? "a gateway without a name"
        await #expect(throws: ServiceError.networkInUse(by: [title])) {
            _ = try await delete()
        }
        _ = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        #expect(try await delete() == network)
        await #expect(throws: ServiceError.notFound) {
            _ = try await delete()
        }
    }

    @Test("a network of another organization is not found")
    func foreign() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let stranger = try await fixture.stranger()
        let controlPlane = fixture.controlPlane
        var change = NetworkChange()
        change.name = .value("mine")
        let theft = change
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.showNetwork(network.id, by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.perform(.renameNetwork(network.id, theft), by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.perform(.deleteNetwork(network.id), by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await controlPlane.listNetworkInterfaces(
                network.id,
                filter: InterfaceFilter(),
                page: .first,
                by: stranger
            )
        }
        let list = try await controlPlane.listNetworks(page: .first, by: stranger)
        #expect(list.totalResults == 0)
        #expect(try await controlPlane.showNetwork(network.id, by: fixture.caller) == network)
    }

    @Test("the limit of an organization's networks is enforced")
    func limit() async throws {
        let fixture = try await ServiceFixture { $0.limits.networks = 1 }
        _ = try await fixture.network()
        await #expect(throws: ServiceError.limitReached(objects: "networks", limit: 1)) {
            _ = try await fixture.network()
        }
    }
}
