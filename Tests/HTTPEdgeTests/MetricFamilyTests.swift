import HTTPEdge
import Testing

@Suite("Metrics as text")
struct MetricFamilyTests {
    @Test("a metric's label with a line end or quote is escaped")
    func escaping() {
        var family = MetricFamily("x", .gauge, "An example.")
        family.add(1, [(name: "a", value: "b\"c\\d\ne")])
        #expect(family.text == "# HELP x An example.\n# TYPE x gauge\nx{a=\"b\\\"c\\\\d\\ne\"} 1\n")
    }
}
