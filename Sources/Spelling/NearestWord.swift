/// The known word that a misspelled one was most probably meant to be.
package enum NearestWord {
    /// Longer words are compared by their beginnings, as the work grows with the square of the length.
    private static let longest = 64

    /// The known word that the fewest mistakes lead to; of several, the first. Nil where even that one is
    /// so far away that naming it would mislead: more than a third of the letters.
    package static func to(_ word: String, among known: [String]) -> String? {
        let letters = Array(word.lowercased().unicodeScalars.prefix(longest))
        var nearest: (word: String, distance: Int)?
        for candidate in known {
            let other = Array(candidate.lowercased().unicodeScalars.prefix(longest))
            let limit = max(letters.count, other.count) / 3
            guard abs(letters.count - other.count) <= limit else { continue }
            let distance = distance(letters, other)
            guard distance <= limit, distance < nearest?.distance ?? .max else { continue }
            nearest = (candidate, distance)
        }
        return nearest?.word
    }

    /// How many letters were left out, put in, taken for another one, or exchanged with their neighbour
    /// (the restricted distance of Damerau and Levenshtein).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var fewest = min(
                    row[j] + 1,
                    last[j + 1] + 1,
                    last[j] + (left[i] == right[j] ? 0 : 1)
                )
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    fewest = min(fewest, beforeLast[j - 1] + 1)
                }
                row.append(fewest)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }
}
