package import GatewayDomain

/// Where a page stands in its list.
package struct PageMeta: Equatable, Sendable {
    package let number: Int
    package let size: Int
    package let totalPages: Int
    package let totalResults: Int

    package init(_ page: PageOf<some Sendable>) {
        number = page.page.number
        size = page.page.size
        totalPages = page.totalPages
        totalResults = page.totalResults
    }
}

extension PageMeta: APIObject {
    package static let contract = AnswerContract(
        "PageMeta",
        "The place of a page in its list.",
        PageMetaMembers()
    )
}

package struct PageMetaMembers: AnswerMembers {
    package typealias Object = PageMeta

    package let number = AnswerMember(
        Member(
            "page_number",
            Codec<Int>.integer(in: Page.numbers),
            "The number of the page, counted from 1."
        ),
        \PageMeta.number
    )
    package let size = AnswerMember(
        Member(
            "page_size",
            Codec<Int>.integer(in: Page.sizes),
            "The largest number of objects that a page has."
        ),
        \PageMeta.size
    )
    package let totalPages = AnswerMember(
        Member("total_pages", Codec<Int>.count, "The number of pages that the list has."),
        \PageMeta.totalPages
    )
    package let totalResults = AnswerMember(
        Member("total_results", Codec<Int>.count, "The number of objects that the list has."),
        \PageMeta.totalResults
    )
}
