/// Characters that show nothing, or reorder what stands around them. With them a name can look like
/// another one, or like nothing. Where a script or an emoji cannot do without one, it stays.
enum HiddenCharacters {
    /// The first that no script and no emoji needs where it stands.
    static func first(in text: String) -> Unicode.Scalar? {
        var before: Unicode.Scalar?
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if isHidden(scalar), !isNeeded(scalar, between: before, and: rest.first) {
                return scalar
            }
            before = scalar
        }
        return nil
    }

    /// The property has the zero-width characters, the bidirectional controls, the fillers, the
    /// variation selectors and the tags; the interlinear annotations are not among them.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return false }
        return scalar.properties.isDefaultIgnorableCodePoint
            || ("\u{FFF9}"..."\u{FFFB}").contains(scalar)
    }

    private static func isNeeded(
        _ scalar: Unicode.Scalar,
        between before: Unicode.Scalar?,
        and after: Unicode.Scalar?
    ) -> Bool {
        guard let before else { return false }
        switch scalar {
        case "\u{200C}":
            return joins(before, after)
        case "\u{200D}":
            return joins(before, after) || joinsEmoji(before, after)
        // Text and emoji style. The digit of a keycap has one as well: 1️⃣.
        case "\u{FE0E}", "\u{FE0F}":
            return isEmoji(before) || after == "\u{20E3}"
        // How an ideograph is written in one country, or in one name.
        case "\u{FE00}"..."\u{FE0D}", "\u{E0100}"..."\u{E01EF}":
            return before.properties.isIdeographic
        // The forms of a Mongolian letter, and the vowel separator.
        case "\u{180B}"..."\u{180F}":
            return ("\u{1820}"..."\u{18AA}").contains(before)
        default:
            return false
        }
    }

    /// Whether a joiner or a non-joiner has a meaning here: next to a virama it chooses the form of
    /// the consonant (RFC 5892, appendix A), and between letters of a cursive script whether they join.
    private static func joins(_ before: Unicode.Scalar, _ after: Unicode.Scalar?) -> Bool {
        isVirama(before)
            || before.properties.generalCategory == .otherLetter && after.map(isVirama) == true
            || isCursive(before) && after.map(isCursive) == true
    }

    private static func isVirama(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.canonicalCombiningClass == .virama
    }

    private static func joinsEmoji(_ before: Unicode.Scalar, _ after: Unicode.Scalar?) -> Bool {
        (isEmoji(before) || before == "\u{FE0F}") && after.map(isEmoji) == true
    }

    /// Digits and `#` have the property as well, because of keycaps.
    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isEmoji && !scalar.isASCII
    }

    private static func isCursive(_ scalar: Unicode.Scalar) -> Bool {
        guard cursiveScripts.contains(where: { $0.contains(scalar) }) else { return false }
        switch scalar.properties.generalCategory {
        case .otherLetter, .modifierLetter, .uppercaseLetter, .lowercaseLetter,
            .nonspacingMark, .spacingMark:
            return true
        default:
            return false
        }
    }

    /// The blocks of the scripts whose letters join: from Arabic to Mandaic, N'Ko among them, Mongolian,
    /// Phags-pa and Adlam.
    private static let cursiveScripts: [ClosedRange<Unicode.Scalar>] = [
        "\u{0600}"..."\u{077F}", "\u{07C0}"..."\u{07FF}", "\u{0840}"..."\u{08FF}",
        "\u{1800}"..."\u{18AF}", "\u{A840}"..."\u{A87F}", "\u{FB50}"..."\u{FDFF}",
        "\u{FE70}"..."\u{FEFC}", "\u{1E900}"..."\u{1E95F}",
    ]
}
