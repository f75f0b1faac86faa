import CommandLineProgram
import Foundation
import GatewayDomain
import GatewayService
import Glibc

/// What reads a descriptor: a terminal with a person before it, or a program.
struct Screen {
    let isTerminal: Bool
    /// Columns of the terminal; nil where lines may be of any length.
    let width: Int?
    let hasColors: Bool

    static let output = Screen(descriptor: STDOUT_FILENO)
    static let errors = Screen(descriptor: STDERR_FILENO)

    init(isTerminal: Bool, width: Int?, hasColors: Bool) {
        self.isTerminal = isTerminal
        self.width = width
        self.hasColors = hasColors
    }

    private init(descriptor: Int32) {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(descriptor) == 1
        self.init(
            isTerminal: isTerminal,
            width: OutputFile(descriptor: descriptor, name: "the terminal").width,
            // https://no-color.org: set, and not empty.
            hasColors: isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
                && environment["TERM"] != "dumb"
        )
    }

    /// The same, where lines may be longer than the terminal is wide.
    var withoutWidth: Screen {
        Screen(isTerminal: isTerminal, width: nil, hasColors: hasColors)
    }

    /// The time that relative times are relative to; nil for programs, which get RFC 3339.
    var now: Timestamp? { isTerminal ? .now() : nil }
}

/// How a piece of text is set off on a terminal with colours.
enum TextStyle: String {
    case plain = ""
    case head = "1"
    case dim = "2"
    case good = "32"
    case waiting = "33"
    case bad = "31"

    func apply(to text: String, on screen: Screen) -> String {
        guard screen.hasColors, self != .plain else { return text }
        return "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
    }

    init(_ mood: Cell.Mood) {
        self =
            switch mood {
            case .good: .good
            case .waiting: .waiting
            case .bad: .bad
            case .plain: .plain
            }
    }
}
