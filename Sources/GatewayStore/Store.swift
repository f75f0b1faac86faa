/// x
package final class Store: Sendable {
    package init() {}
}
