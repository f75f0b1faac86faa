import Testing

@testable import GatewayStore

struct ColumnNamesTests {
    @Test("each column is found by its name, and a name that no column has is not")
    func find() {
        let names = ["id", "name", "network_id", "created_at", "updated_at", "peers_count", "x"]
        let columns = ColumnNames(names)
        #expect(names.map { columns.index(of: $0) } == Array(0..<7))
        for name in ["", "ID", "nam", "named", "y", "updated_by"] {
            #expect(columns.index(of: name) == nil, "\(name)")
        }
        #expect(ColumnNames([]).index(of: "id") == nil)
    }

    @Test("columns whose names have one length and the same ends are told apart")
    func alike() {
        let names = (0..<100).map { "rx_\($0 < 10 ? "0" : "")\($0)_bytes" }
        let columns = ColumnNames(names)
        #expect(names.map { columns.index(of: $0) } == Array(0..<100))
        #expect(columns.index(of: "rx_xx_bytes") == nil)
    }

    @Test("of columns of one name the last one is found, and one without a name as well")
    func twins() {
        let columns = ColumnNames(["id", "", "id"])
        #expect(columns.index(of: "id") == 2 && columns.index(of: "") == 1)
    }
}
