extension QRCode {
    /// The side of a module where nothing scales the image, in pixels.
    static let pixelsPerModule = 8

    /// An image that can be scaled, which stands by itself and inside a page.
    package var svg: String {
        let side = fullSize * Self.pixelsPerModule
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(side)" height="\(side)" \
            viewBox="0 0 \(fullSize) \(fullSize)" shape-rendering="crispEdges">\
            <path fill="#fff" d="M0 0h\(fullSize)v\(fullSize)H0z"/>\
            <path stroke="#000" d="\(strokes)"/></svg>

            """
    }

    /// One horizontal stroke of width 1 for each run of dark modules.
    private var strokes: String {
        (0..<fullSize).flatMap { row in
            darkRuns(in: row).map { "M\($0.lowerBound) \(row).5h\($0.count)" }
        }.joined()
    }

    private func darkRuns(in row: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for column in 0..<fullSize where isDark(row: row, column: column) {
            if let last = runs.last, last.upperBound == column {
                runs[runs.count - 1] = last.lowerBound..<column + 1
            } else {
                runs.append(column..<column + 1)
            }
        }
        return runs
    }
}
