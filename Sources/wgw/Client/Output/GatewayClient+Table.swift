import APIContract
import CommandLineProgram
import GatewayClient

extension GatewayClient {
    /// Prints the table that the server makes, as it comes, some kilobytes at a time.
    func printTable<Object: APIObject>(
        of resource: Resource<Object>,
        _ query: ListQuery
    ) async throws {
        var text: [UInt8] = []
        for try await line in try await table(of: resource, query) {
            text += line + [UInt8(ascii: "\n")]
            guard text.count >= 32 << 10 else { continue }
            WaitingNote.end()
            try OutputFile.standardOutput.write(text[...])
            text = []
        }
        WaitingNote.end()
        try OutputFile.standardOutput.write(text[...])
    }
}
