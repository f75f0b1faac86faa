import ArgumentParser
import Portal
import Testing

@testable import wgw

/// The commands that the portal's reference of the API shows.
struct CommandExampleTests {
    @Test(
        "a command of the reference is one that the command line understands",
        arguments: CommandExamples.all.sorted { $0.key < $1.key }.map(\.value)
    )
    func understood(line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        #expect(words.first == "wgw")
        _ = try WGW.parseAsRoot(Array(words.dropFirst()))
    }
}
