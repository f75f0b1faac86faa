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
        let bench = try await ServiceFixture()
        let request = NewNetwork(reading: ["name": "  my first network "])
        let network = try await bench.services.perform(.createNetwork(request), by: bench.caller)
        #expect(network.name == "my first network")
        #expect(network.addressBlock.description == "172.27.0.0/16")
        #expect(network.createdAt == network.updatedAt)
        #expect(try await bench.services.showNetwork(network.id, by: bench.caller) == network)
    }

    @Test("a network needs a name, and all problems of its request are reported together")
    func invalid() async throws {
        let bench = try await ServiceFixture()
        let problems = await bench.problems {
            let request = NewNetwork(reading: ["address_block": "10.0.0.1/16"])
            _ = try await bench.services.perform(.createNetwork(request), by: bench.caller)
        }
        #expect(problems.map(\.pointer) == ["/name", "/address_block"])
        #expect(problems.first?.reason == .missing)
        let list = try await bench.services.listNetworks(name: nil, page: .first, by: bench.caller)
        #expect(list.totalResults == 0)
    }

    @Test(
        "a network whose address block gateways cannot use is refused",
        arguments: ["127.0.0.0/16", "10.0.0.0/31", "0.0.0.0/0", "224.0.0.0/16", "fd00::/64", ""]
    )
    func badBlock(block: String) async throws {
        let bench = try await ServiceFixture()
        let problems = await bench.problems { _ = try await bench.network(block: block) }
        #expect(problems.map(\.pointer) == ["/address_block"])
    }

    @Test("networks are listed by age, filtered by equal name, and in stable pages")
    func list() async throws {
        let bench = try await ServiceFixture()
        var made: [Network] = []
        for number in 0..<5 {
            var request = NewNetwork()
            request.name = .value(number == 3 ? "special" : "plain")
            made.append(try await bench.services.perform(.createNetwork(request), by: bench.caller))
        }
        func list(name: String?, page: Page = .first) async throws -> PageOf<Network> {
            try await bench.services.listNetworks(name: name, page: page, by: bench.caller)
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
        let bench = try await ServiceFixture()
        let network = try await bench.network()
        var change = NetworkChange()
        change.name = .value("other")
        let renamed = try await bench.services.perform(
            .renameNetwork(network.id, change),
            by: bench.caller
        )
        #expect(renamed.name == "other")
        #expect(renamed.updatedAt > network.updatedAt)
        #expect(renamed.createdAt == network.createdAt)
        #expect(try await bench.services.showNetwork(network.id, by: bench.caller) == renamed)
        let problems = await bench.problems {
            _ = try await bench.services.perform(
                .renameNetwork(network.id, NetworkChange(reading: [:])),
                by: bench.caller
            )
        }
        #expect(problems == [FieldProblem("/name", .missing)])
    }

    @Test("a network with gateways is not deleted, and an empty one is")
    func delete() async throws {
        let bench = try await ServiceFixture()
        let network = try await bench.network()
        let gateway = try await bench.gateway(in: network)
        func delete() async throws -> Network {
            try await bench.services.perform(.deleteNetwork(network.id), by: bench.caller)
        }
        await #expect(throws: ServiceError.networkInUse) {
            _ = try await delete()
        }
        _ = try await bench.services.deleteGateway(gateway.id, by: bench.caller)
        #expect(try await delete() == network)
        await #expect(throws: ServiceError.notFound) {
            _ = try await delete()
        }
    }

    @Test("a network of another organization is not found")
    func foreign() async throws {
        let bench = try await ServiceFixture()
        let network = try await bench.network()
        let stranger = try await bench.stranger()
        let services = bench.services
        var change = NetworkChange()
        change.name = .value("mine")
        let theft = change
        await #expect(throws: ServiceError.notFound) {
            _ = try await services.showNetwork(network.id, by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await services.perform(.renameNetwork(network.id, theft), by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await services.perform(.deleteNetwork(network.id), by: stranger)
        }
        await #expect(throws: ServiceError.notFound) {
            _ = try await services.listNetworkInterfaces(
                network.id,
                filter: InterfaceFilter(),
                page: .first,
                by: stranger
            )
        }
        let list = try await services.listNetworks(name: nil, page: .first, by: stranger)
        #expect(list.totalResults == 0)
        #expect(try await services.showNetwork(network.id, by: bench.caller) == network)
    }

    @Test("the limit of an organization's networks is enforced")
    func limit() async throws {
        let bench = try await ServiceFixture { $0.limits.networks = 1 }
        _ = try await bench.network()
        await #expect(throws: ServiceError.limitReached(objects: "networks", limit: 1)) {
            _ = try await bench.network()
        }
    }
}
