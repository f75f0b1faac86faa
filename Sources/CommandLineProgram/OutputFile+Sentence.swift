import Glibc

extension OutputFile {
    /// Writes a sentence on a line of its own, which a terminal gets in lines of whole words. What it quotes
    /// cannot move the cursor or change colours.
    package func write(sentence: String, patience: Duration? = nil) throws(OutputFailure) {
        let text = sentence.withoutControls
        let lines = width.map { text.wrapped(to: $0) } ?? [text]
        try write(lines.map { $0 + "\n" }.joined(), patience: patience)
    }

    /// Columns of the terminal; nil where lines may be of any length.
    package var width: Int? {
        var size = winsize()
        guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0,
            size.ws_col > 0
        else { return nil }
        return Int(size.ws_col)
    }
}
