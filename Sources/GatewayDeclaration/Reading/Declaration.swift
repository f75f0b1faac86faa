/// What a file says there should be.
package struct Declaration: Sendable {
    /// The only format so far.
    package static let version = 1

    /// Of a file: 100 000 peers take a half of it.
    package static let maximumBytes = 32 << 20

    /// In the order of the file, kind by kind.
    package var objects: [DeclaredObject] = []
    /// The kinds whose section the file has: of others it says nothing.
    package var sections: Set<DeclaredKind> = []
    /// All of them, in the order of the file.
    package var mistakes: [Mistake] = []
}
