/// What a caller demands of an object before it is changed: that it is as the caller knows it.
package struct Precondition: Sendable {
    /// Nil for any.
    private let versions: Set<Timestamp>?

    package static let none = Precondition(versions: nil)

    /// - Parameter versions: times of change, of which the object has to have one; nil for any.
    package init(versions: Set<Timestamp>?) {
        self.versions = versions
    }

    /// Called in the transaction that makes the change, so that nothing comes between.
    ///
    /// - Parameter updatedAt: nil for an object that is not there, which has no version.
    package func check(_ updatedAt: Timestamp?) throws(ServiceError) {
        guard let versions else { return }
        guard let updatedAt, versions.contains(updatedAt) else { throw .changedMeanwhile }
    }
}
