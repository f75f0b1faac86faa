import GatewayDomain
import GatewayService
import NodeProtocol
import ServiceTestSupport
import Testing

@Suite("Pages of lists of peers")
struct PeerListPageTests {
    @Test("the pages of a list of peers fit together, in every order and with every total")
    func pages() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        for number in 0..<2 {
            let gateway = try await fixture.gateway(in: network)
            for index in 0..<9 {
                let peer = try await fixture.peer(of: gateway) {
                    // Names and counters that several peers share.
                    if index % 4 > 0 { $0.name = .value("Peer \(index % 4)") }
                }.peer
                guard index % 3 > 0 else { continue }
                try await fixture.controlPlane.nodeFeed.report(peers: [
                    PeerReport(
                        id: peer.id,
                        lastSeen: fixture.clock.now().advanced(bySeconds: Int64(-index / 3)),
                        latestHandshakeAt: fixture.clock.now()
                            .advanced(bySeconds: number == 0 ? -10 : -1000),
                        endpoint: nil,
                        rxBytesAdded: UInt64(index % 2),
                        txBytesAdded: 1
                    )
                ])
            }
        }
        for filter in Self.filters {
            for member in PeerSortMember.allCases {
                let order = ListOrder(by: member)
                let whole = try await fixture.list(filter, order, Page(size: 250)).elements
                #expect(!whole.isEmpty)
                for size in [1, 4, 17, 18, 19] {
                    #expect(
                        try await fixture.pages(filter, order, size: size) == whole.map(\.id),
                        "\(filter) by \(member), \(size) on a page"
                    )
                    #expect(
                        try await fixture.pages(
                            filter,
                            ListOrder(by: member, isDescending: true),
                            size: size
                        ) == whole.reversed().map(\.id),
                        "\(filter) by \(member) from the end, \(size) on a page"
                    )
                }
            }
        }
    }

    private static var filters: [PeerFilter] {
        let edits: [(inout PeerFilter) -> Void] = [
            { _ in }, { $0.connection = .connected }, { $0.connection = .silent },
            { $0.connection = .never }, { $0.search = "peer" }, { $0.name = "Peer 1" },
        ]
        return edits.map { edit in
            var filter = PeerFilter()
            edit(&filter)
            return filter
        }
    }
}

extension ServiceFixture {
    fileprivate func list(
        _ filter: PeerFilter,
        _ order: ListOrder<PeerSortMember>,
        _ page: Page?
    ) async throws -> PageOf<Peer> {
        try await controlPlane.listPeers(
            filter,
            order: order,
            page: try #require(page),
            by: caller
        )
    }

    /// The ids of all pages in their order, of which each names the same total.
    fileprivate func pages(
        _ filter: PeerFilter,
        _ order: ListOrder<PeerSortMember>,
        size: Int
    ) async throws -> [PeerID] {
        var ids: [PeerID] = []
        var totals: Set<Int> = []
        var number = 1
        while true {
            let page = try await list(filter, order, Page(number: number, size: size))
            totals.insert(page.totalResults)
            guard !page.elements.isEmpty else { break }
            ids += page.elements.map(\.id)
            number += 1
        }
        #expect(totals == [ids.count])
        return ids
    }
}
