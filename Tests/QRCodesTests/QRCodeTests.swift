import Foundation
import TestSupport
import Testing

@testable import QRCodes

struct QRCodeTests {
    private static let tools = ["zbarimg", "rsvg-convert"]
    private static let canRead =
        ContinuousIntegration.isOn
        || tools.allSatisfy { (try? Command.run("which", $0).status) == 0 }

    private static let config = """
        [Interface]
        PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=
        Address = 172.27.0.2/32

        [Peer]
        PublicKey = HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=
        AllowedIPs = 172.27.0.0/24
        Endpoint = vpn.example.com:5107
        PersistentKeepalive = 25

        """
    /// Of many sizes of the symbol, the smallest and the largest among them.
    private static let texts =
        ["a", config, config + config]
        + [100, 1_000, 2_953].map { length in
            String((0..<length).map { Character(Unicode.Scalar(UInt8(33 + $0 * 7 % 90))) })
        }

    @Test("a QR code in SVG is read back as its text", .enabled(if: canRead), arguments: texts)
    func svg(text: String) throws {
        #expect(try QRReader.read(svg: QRCode(text).svg) == text)
    }

    @Test("a QR code in PNG is read back as its text", .enabled(if: canRead), arguments: texts)
    func png(text: String) throws {
        #expect(try QRReader.read(png: QRCode(text).png) == text)
    }

    @Test(
        "a QR code on a terminal is read back as its text, black on white or in the terminal's colours",
        .enabled(if: canRead),
        arguments: texts,
        [true, false]
    )
    func terminal(text: String, inColors: Bool) throws {
        let lines = try QRCode(text).terminalLines(inColors: inColors)
        #expect(try QRReader.read(pixels: Self.pixels(of: lines)) == text)
    }

    @Test("a QR code has level L and a quiet zone of four light modules in each of its forms")
    func form() throws {
        // 230 bytes are what version 9 holds at level L, and 231 need version 10.
        #expect(try QRCode(String(repeating: "a", count: 230)).size == 53)
        #expect(try QRCode(String(repeating: "a", count: 231)).size == 57)
        let code = try QRCode(Self.config)
        #expect(code.fullSize == code.size + 8)
        for pixels in [true, false].map({ Self.pixels(of: code.terminalLines(inColors: $0)) }) {
            let dark = pixels.indices.flatMap { row in
                pixels[row].indices.filter { pixels[row][$0] }.map { (row: row, column: $0) }
            }
            #expect(dark.map(\.row).min() == 4 && dark.map(\.row).max() == code.size + 3)
            #expect(dark.map(\.column).min() == 4 && dark.map(\.column).max() == code.size + 3)
        }
        let side = code.fullSize * 8
        #expect(code.svg.contains(#"width="\#(side)" height="\#(side)""#))
        #expect(code.svg.contains(#"d="M0 0h\#(code.fullSize)v\#(code.fullSize)H0z""#))
        #expect(
            Array(code.png[16..<24]) == UInt32(side).bigEndianBytes + UInt32(side).bigEndianBytes
        )
    }

    @Test("the lines of a QR code fit a terminal of 80 columns for a config of usual length")
    func width() throws {
        let lines = try QRCode(Self.config).terminalLines(inColors: false)
        #expect(Set(lines.map(\.count)) == [65])
        #expect(lines.count == 33)
    }

    @Test("a text that is too long for a QR code is refused with both lengths")
    func tooLong() {
        let error = #expect(throws: QRCodeError.self) {
            try QRCode(String(repeating: "a", count: 2_954))
        }
        #expect(error == .tooLong(bytes: 2_954))
        #expect(error?.description.contains("2954 bytes") == true)
        #expect(error?.description.contains("2953") == true)
    }

    @Test("an image in PNG is small, as rows are copies of the row above")
    func size() throws {
        #expect(try QRCode(Self.config).png.count < 6_000)
    }

    @Test("without the library a QR code is refused with its name and that of its Debian package")
    func missingLibrary() {
        let error = #expect(throws: QRCodeError.self) {
            try QREncoder.encode(Array("a".utf8), with: "libnowhere.so.4")
        }
        #expect(error == .libraryMissing)
        let sentence = QRCodeError.libraryMissing.description
        #expect(sentence.contains("libqrencode.so.4") && sentence.contains("package libqrencode4."))
    }

    /// What a terminal shows, one value for each module, true for a dark one.
    private static func pixels(of lines: [String]) -> [[Bool]] {
        lines.flatMap { line -> [[Bool]] in
            let isColored =
                line.hasPrefix("\u{1B}[38;5;16;48;5;231m") && line.hasSuffix("\u{1B}[0m")
            let blocks = line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
            return ["█▀", "█▄"].map { filled in
                blocks.map { filled.contains($0) == isColored }
            }
        }
    }
}
