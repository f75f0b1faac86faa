import GatewayDomain
import Testing

struct PageTests {
    @Test(
        "a page of a list has between 1 and 250 elements",
        arguments: [0, -1, 251, Int.max, Int.min]
    )
    func size(size: Int) {
        #expect(Page(number: 1, size: size) == nil)
        #expect(Page(number: 1, size: 250) != nil)
    }

    @Test(
        "the pages of a list count from one, and their offsets do not overflow",
        arguments: [0, -1, Int.max]
    )
    func number(number: Int) {
        #expect(Page(number: number, size: 250) == nil)
    }

    @Test("the first page of a list has twenty elements")
    func first() {
        #expect(Page() == .first)
        #expect(Page.first.size == 20)
    }

    @Test("a page beyond the end of a list is empty and still knows the total")
    func beyondTheEnd() throws {
        let list = Array(1...5)
        let last = PageOf(try #require(Page(number: 3, size: 2)), of: list)
        #expect(last.elements == [5])
        #expect(last.totalPages == 3)
        let beyond = PageOf(try #require(Page(number: 4, size: 2)), of: list)
        #expect(beyond.elements.isEmpty)
        #expect(beyond.totalResults == 5)
    }

    @Test("an empty list has no page")
    func empty() {
        #expect(PageOf(.first, of: [Int]()).totalPages == 0)
    }
}
