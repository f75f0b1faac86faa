import Foundation
import JSON
import Testing

@Suite("The JSON writer")
struct JSONWriterTests {
    @Test("the JSON writer keeps the order of members and writes no blanks")
    func order() {
        let value: JSONValue = [
            "b": .integer(1), "a": ["x", .null, .bool(true)], "c": .number("1.5"),
        ]
        #expect(value.encoded == #"{"b":1,"a":["x",null,true],"c":1.5}"#)
    }

    @Test("the JSON writer escapes text so that Foundation's reader gets it back")
    func escapes() throws {
        let scalars = (0...0x2FF).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{FFFF}", "😀"]
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        let written = JSONValue.array([.string(text)]).encoded
        let read = try JSONSerialization.jsonObject(with: Data(written.utf8))
        #expect(read as? [String] == [text])
    }
}
