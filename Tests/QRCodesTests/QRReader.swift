import Foundation
import TestSupport
import Testing

/// zbarimg, which reads QR codes as a phone does.
enum QRReader {
    static func read(png: [UInt8]) throws -> String {
        try TemporaryDirectory.with { folder in
            let file = folder.appending(path: "code.png")
            try Data(png).write(to: file)
            return try read(file)
        }
    }

    static func read(svg: String) throws -> String {
        try TemporaryDirectory.with { folder in
            let (drawing, image) = (
                folder.appending(path: "code.svg"), folder.appending(path: "code.png")
            )
            try svg.write(to: drawing, atomically: false, encoding: .utf8)
            try Command.require("rsvg-convert", "--output", image.path, drawing.path)
            return try read(image)
        }
    }

    /// A square of pixels, true for a dark one.
    static func read(pixels: [[Bool]]) throws -> String {
        let scale = 4
        let rows = pixels.flatMap { row in
            let line = row.flatMap { Array(repeating: $0 ? "1" : "0", count: scale) }
            return Array(repeating: line.joined(separator: " "), count: scale)
        }
        let side = (pixels.first?.count ?? 0) * scale
        return try TemporaryDirectory.with { folder in
            let file = folder.appending(path: "code.pbm")
            let text = "P1\n\(side) \(rows.count)\n" + rows.joined(separator: "\n") + "\n"
            try text.write(to: file, atomically: false, encoding: .utf8)
            return try read(file)
        }
    }

    private static func read(_ file: URL) throws -> String {
        let text = try Command.require("zbarimg", "--nodbus", "--quiet", "--raw", file.path)
        // The reader ends what it found with a line feed of its own.
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}
