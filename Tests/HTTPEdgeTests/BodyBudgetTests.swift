import HTTPEdge
import Testing

@Suite("Memory for bodies")
struct BodyBudgetTests {
    @Test("large bodies are refused when too many of them come at once")
    func budget() {
        let budget = BodyBudget(bytes: 100)
        let second = BodyBudget.Share(of: budget)
        do {
            let first = BodyBudget.Share(of: budget)
            defer { withExtendedLifetime(first) {} }
            #expect(first.grow(to: 20))
            #expect(first.grow(to: 60))
            #expect(!second.grow(to: 41))
            #expect(second.grow(to: 40))
        }
        #expect(second.grow(to: 100))
        #expect(!second.grow(to: 101))
    }
}
