extension FixedWidthInteger {
    /// Reads digits only: no sign, no space and no leading zero, so each number has one spelling
    /// and `010` is never taken for an octal 8.
    package init?(strictDecimal text: Substring) {
        let digits = text.utf8
        guard let first = digits.first else { return nil }
        guard first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        self.init(text, radix: 10)
    }
}
