extension String {
    /// The text as a name that programs read from a line and terminals show as it is: without white
    /// space, and without characters that move the reader's cursor or hide.
    package var visibleName: String {
        let scalars = unicodeScalars.prefix(64).map { $0.isVisible ? $0 : "_" as Unicode.Scalar }
        return String(String.UnicodeScalarView(scalars))
    }
}

extension Unicode.Scalar {
    fileprivate var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator,
            .lineSeparator, .paragraphSeparator:
            false
        default:
            true
        }
    }
}
