/// Which part of a list is asked for.
package struct Page: Equatable, Sendable {
    package static let sizes = 1...250
    /// Far beyond any list, and far from overflow when multiplied by a size.
    package static let numbers = 1...1_000_000_000

    /// Counts from 1.
    package let number: Int
    package let size: Int

    /// Nil when a value is out of bounds.
    package init?(number: Int = 1, size: Int = 20) {
        guard Self.numbers.contains(number), Self.sizes.contains(size) else { return nil }
        self.number = number
        self.size = size
    }

    private init(first size: Int) {
        self.number = 1
        self.size = size
    }

    package static let first = Page(first: 20)

    /// How many elements come before this page.
    package var offset: Int {
        (number - 1) * size
    }
}

/// One page of a list, and how long the whole list is.
package struct PageOf<Element: Sendable>: Sendable {
    package let elements: [Element]
    package let page: Page
    package let totalResults: Int

    package init(elements: [Element], page: Page, totalResults: Int) {
        self.elements = elements
        self.page = page
        self.totalResults = totalResults
    }

    /// Cuts the page out of a list that is in memory anyway.
    package init(_ page: Page, of list: [Element]) {
        self.init(
            elements: Array(list.dropFirst(page.offset).prefix(page.size)),
            page: page,
            totalResults: list.count
        )
    }

    /// None for an empty list.
    package var totalPages: Int {
        (totalResults + page.size - 1) / page.size
    }
}

extension PageOf: Equatable where Element: Equatable {}
