extension QRCode {
    /// Lines for a terminal, with two modules in each character, one above the other.
    ///
    /// - Parameter inColors: black on white whatever the terminal's colours are. Without, light modules
    ///   are drawn, as they have to be where light letters stand on a dark background.
    package func terminalLines(inColors: Bool) -> [String] {
        stride(from: 0, to: fullSize, by: 2).map { row in
            let blocks = (0..<fullSize).map { column in
                // An odd last row has nothing below it, which is light as the quiet zone is.
                Self.block(
                    upper: isDark(row: row, column: column) == inColors,
                    lower: isDark(row: row + 1, column: column) == inColors
                )
            }.joined()
            return inColors ? Self.blackOnWhite + blocks + Self.reset : blocks
        }
    }

    /// The colours 16 and 231 of the 256, which themes leave alone.
    private static let blackOnWhite = "\u{1B}[38;5;16;48;5;231m"
    private static let reset = "\u{1B}[0m"

    private static func block(upper: Bool, lower: Bool) -> String {
        switch (upper, lower) {
        case (true, true): "█"
        case (true, false): "▀"
        case (false, true): "▄"
        case (false, false): " "
        }
    }
}
