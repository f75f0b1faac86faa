import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw webhook`.
struct WebhookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: WebhookNoun.word,
        abstract:
            "Servers of yours that are told of events, such as peers that fall silent; for owners.",
        subcommands: [
            ListCommand<WebhookNoun, NoFilter>.self, GetCommand<WebhookNoun>.self,
            WebhookCreateCommand.self, WebhookUpdateCommand.self,
            DeleteCommand<WebhookNoun>.self, WebhookRotateCommand.self, WebhookTestCommand.self,
            WebhookRetryCommand.self, WebhookDeliveriesCommand.self, WatchCommand<WebhookNoun>.self,
        ]
    )
}

struct WebhookCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a webhook, and print its secret once.",
        discussion: """
            The secret goes to standard output in its own line (-o json: secret; -q: nothing else): the target checks with \
            it who sends. Events are types like wireguard_interface.updated and wireguard_peer.silent; \
            wireguard_peer.* is all of a kind, and * is all.
            """
    )

    @Argument(help: "What people call the webhook.") var name: String

    @Option(
        help: ArgumentHelp("Where events are sent, like https://example.com/wgw.", valueName: "url")
    )
    var to: String

    @Option(help: ArgumentHelp("The events, separated by commas.", valueName: "types"))
    var events: String = "*"

    @Flag(help: "Send nothing before it is enabled.") var disabled = false

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: WebhookNoun.self, isDisclosing: true)
        var request = NewWebhook()
        request.name = .value(name)
        request.url = .value(try WebhookURL.argument(to))
        request.events = .value(try [EventPattern].argument(events).map { .value($0) })
        if disabled { request.isEnabled = .value(false) }
        let made = try await client.create(.webhooks, request)
        try await output.print(made, client, secrets: [("secret", made.secret)])
    }
}

struct WebhookUpdateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a webhook.",
        discussion: """
            With another URL, events that wait are sent there at once. What happens while a webhook is disabled is not sent \
            later.
            """
    )

    @Argument(help: "The webhook, by name or id.", completion: .names(of: WebhookNoun.self))
    var webhook: String

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp("What people call it from now on.", valueName: "name")
    )
    var newName: String?

    @Option(
        help: ArgumentHelp("Where events are sent, like https://example.com/wgw.", valueName: "url")
    )
    var to: String?

    @Option(help: ArgumentHelp("The events, separated by commas.", valueName: "types"))
    var events: String?

    @Flag(inversion: .prefixedEnableDisable, help: "Send events, or do not.")
    var sending: Bool?

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if newName == nil, to == nil, events == nil, sending == nil {
            throw ValidationError(
                "give --name, --to, --events, --enable-sending or --disable-sending"
            )
        }
    }

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: WebhookNoun.self)
        let found = try await WebhookNoun.find(webhook, client)
        var change = WebhookChange()
        if let newName { change.name = .value(newName) }
        if let to { change.url = .value(try WebhookURL.argument(to)) }
        if let events {
            change.events = .value(try [EventPattern].argument(events).map { .value($0) })
        }
        if let sending { change.isEnabled = .value(sending) }
        try await output.print(try await client.update(.webhooks, found.id, change), client)
    }
}

struct WebhookRotateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Give a webhook another secret, and print it once.",
        discussion: """
            Events are signed with the secret until now as well for a day, so that the target can be told of the new one \
            meanwhile. Where it may have become known, give --old-expires 0s.
            """
    )

    @Argument(help: "The webhook, by name or id.", completion: .names(of: WebhookNoun.self))
    var name: String

    @Option(
        help: ArgumentHelp(
            "How long the secret until now is signed with, up to 7d; 1d by itself.",
            valueName: "time"
        ),
        transform: TimeSpan.argument
    )
    var oldExpires: TimeSpan?

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: WebhookNoun.self, isDisclosing: true)
        let found = try await WebhookNoun.find(name, client)
        var request = NewWebhookSecret()
        if let oldExpires { request.oldExpiresIn = .value(Int(oldExpires.seconds)) }
        let made = try await client.create(.secret(of: found.id), request)
        try await output.print(made, client, secrets: [("secret", made.secret)])
    }
}

struct WebhookTestCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send a test event to a webhook at once, and print what the target said.",
        discussion: "Ends with status 1 where the event was not delivered."
    )

    @Argument(help: "The webhook, by name or id.", completion: .names(of: WebhookNoun.self))
    var name: String

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: WebhookDeliveryNoun.self)
        let found = try await WebhookNoun.find(name, client)
        let attempt = try await client.create(.test(of: found.id), NewWebhookTest())
        try await output.print(attempt, client)
        if let error = attempt.error {
            throw CommandFailure("the test event was not delivered to \(found.url): \(error)")
        }
    }
}

struct WebhookRetryCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Send what waits for a webhook at once.",
        discussion: """
            For a target that is right again: without it, what failed is sent again after a pause of up to an hour. wgw webhook \
            deliveries shows how that goes.
            """
    )

    @Argument(help: "The webhook, by name or id.", completion: .names(of: WebhookNoun.self))
    var name: String

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: WebhookNoun.self)
        let found = try await WebhookNoun.find(name, client)
        let webhook = try await client.create(.retry(of: found.id), NewWebhookRetry())
        guard webhook.isEnabled else {
            throw CommandFailure(
                """
                webhook '\(found.name)' is disabled, and nothing waits for it; enable it by \
                wgw webhook update \(found.name.shellWord) --enable-sending
                """
            )
        }
        try await output.print(webhook, client)
    }
}

struct WebhookDeliveriesCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "List the latest 50 attempts to deliver to a webhook, the latest first."
    )

    @Argument(help: "The webhook, by name or id.", completion: .names(of: WebhookNoun.self))
    var name: String

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: WebhookDeliveryNoun.self)
        let found = try await WebhookNoun.find(name, client)
        try await output.print(client.pages(of: .deliveries(of: found.id)), client)
    }
}

extension WebhookURL {
    fileprivate static func argument(_ text: String) throws -> WebhookURL {
        guard let url = try? WebhookURL(text) else {
            throw CommandFailure.usage(
                "--to takes a URL like https://example.com/wgw, without a user name and a #"
            )
        }
        return url
    }
}

extension [EventPattern] {
    fileprivate static func argument(_ text: String) throws -> [EventPattern] {
        try text.commaSeparated.map { word in
            guard let pattern = EventPattern(word) else {
                throw CommandFailure.usage(
                    """
                    --events takes types with commas between them, like wireguard_peer.connected, wireguard_interface.* \
                    or *; '\(word)' is none
                    """
                )
            }
            return pattern
        }
    }
}
