import ArgumentParser
import Spelling

/// A word that stands where a command has to, and names none.
struct UnknownCommand {
    private let path: [String]
    private let word: String
    private let known: [String]

    /// Nil where the words name a command.
    init?(in words: [String], of root: any ParsableCommand.Type) {
        let path = Self.knownWords(in: words, of: root)
        let subcommands = Self.command(path, of: root).configuration.subcommands
        guard !subcommands.isEmpty, words.count > path.count,
            !words[path.count].hasPrefix("-")
        else { return nil }
        self.path = [Self.name(of: root)] + path
        word = words[path.count]
        known =
            subcommands
            .filter { $0.configuration.shouldDisplay }
            .map { Self.name(of: $0) }
    }

    /// As many of the words as name commands, from the front.
    static func knownWords(in words: [String], of root: any ParsableCommand.Type) -> [String] {
        var command = root
        var path: [String] = []
        for word in words {
            guard let next = subcommand(word, of: command) else { break }
            path.append(word)
            command = next
        }
        return path
    }

    private static func command(
        _ path: [String],
        of root: any ParsableCommand.Type
    ) -> any ParsableCommand.Type {
        path.reduce(root) { command, word in subcommand(word, of: command) ?? command }
    }

    private static func subcommand(
        _ word: String,
        of command: any ParsableCommand.Type
    ) -> (any ParsableCommand.Type)? {
        command.configuration.subcommands.first {
            name(of: $0) == word || $0.configuration.aliases.contains(word)
        }
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }
}

extension UnknownCommand: CustomStringConvertible {
    var description: String {
        let command = (path + [word]).joined(separator: " ")
        guard let nearest = NearestWord.to(word, among: known) else {
            return "there is no command '\(command)'; there are: \(known.joined(separator: ", "))"
        }
        return
            "there is no command '\(command)'; '\((path + [nearest]).joined(separator: " "))' is the nearest"
    }
}
