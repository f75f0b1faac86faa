import APIContract
import GatewayClient
import JSON

/// A kind of object as the command line has it: `wgw peer`.
protocol Noun: Sendable {
    associatedtype Object: APIObject

    static var word: String { get }
    /// In sentences: "an API key".
    static var phrase: String { get }
    /// Of several, in sentences.
    static var plural: String { get }
    static var resource: Resource<Object> { get }
    static var columns: [Column<Answer>] { get }
    /// Whether the server has the list as a table for spreadsheets.
    static var hasTable: Bool { get }

    static func id(of answer: Answer) -> String
    /// What people call it; nil where it has no name.
    static func name(of answer: Answer) -> String?
}

extension Noun {
    typealias Answer = Decoded<Object.Members>

    static var phrase: String { word }
    static var plural: String { phrase + "s" }
    static var hasTable: Bool { false }

    /// What identifies it for a person: its name, or else its id.
    static func title(of answer: Answer) -> String { name(of: answer) ?? id(of: answer) }
}
