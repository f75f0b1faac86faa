import Foundation

extension String {
    /// In Unicode's normalization form C: what looks the same and is typed by another keyboard is the same.
    package var precomposed: String { precomposedStringWithCanonicalMapping }
}
