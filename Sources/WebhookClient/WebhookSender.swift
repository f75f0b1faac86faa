import AsyncHTTPClient
package import GatewayDomain
import NIOCore
import NIOHTTP1
import NIOSSL
package import NetAddress
import SystemIO

/// Sends one request to the target of a webhook.
package struct WebhookSender: Sendable {
    /// The addresses of a name, or why there are none.
    package typealias LookUp = @Sendable (_ name: String) async throws(LookUpFailure) -> [IPAddress]

    package struct LookUpFailure: Error {
        let reason: String
        /// Whether a name server says that there are none.
        let isAnswer: Bool

        package init(reason: String, isAnswer: Bool = false) {
            self.reason = reason
            self.isAnswer = isAnswer
        }
    }

    /// Of an answer, more is not read.
    private static let mostBytes = 1_024
    /// Of an answer, more is not shown.
    private static let mostCharacters = 120
    /// Of a name, more are not tried.
    private static let mostAddresses = 3

    private let targets: WebhookTargets
    private let userAgent: String
    private let timeLimit: Duration
    private let lookUp: LookUp
    private let isOwn: @Sendable (IPAddress) async -> Bool?
    private let authorities: NIOSSLTrustRoots

    /// - Parameters:
    ///   - timeLimit: for looking up, connecting, and the answer.
    ///   - isOwn: whether an address is the installation's own, where more may listen than is for all; nil where
    ///     that cannot be told yet.
    ///   - authorityFile: whose certificates are believed, as PEM; nil for those that the system knows.
    package init(
        targets: WebhookTargets,
        userAgent: String,
        timeLimit: Duration = .seconds(10),
        lookUp: @escaping LookUp = TargetLookUp.addresses,
        isOwn: @escaping @Sendable (IPAddress) async -> Bool? = Self.hasHost,
        authorityFile: String? = nil
    ) {
        self.targets = targets
        self.userAgent = userAgent
        self.timeLimit = timeLimit
        self.lookUp = lookUp
        self.isOwn = isOwn
        authorities = authorityFile.map { .file($0) } ?? .default
    }

    /// Whether an interface of this machine has the address.
    package static let hasHost: @Sendable (IPAddress) -> Bool = {
        InterfaceNames.name(having: $0) != nil
    }

    /// Reasons why nothing was answered do not name the host, which may be the secret part of a URL: the operator reads them.
    package func send(_ request: WebhookRequest) async -> WebhookReply {
        await withTaskGroup(of: WebhookReply.self) { group in
            group.addTask { await attempt(request) }
            group.addTask {
                try? await Task.sleep(for: timeLimit)
                return .none("no answer within \(timeLimit.components.seconds) seconds")
            }
            defer { group.cancelAll() }
            return await group.next() ?? .none("the server stops")
        }
    }

    private func attempt(_ request: WebhookRequest) async -> WebhookReply {
        let url = request.url
        let found: [IPAddress]
        if let address = url.address {
            found = [address]
        } else {
            do throws(LookUpFailure) {
                found = try await lookUp(url.host)
            } catch {
                return .none("the name of the target cannot be looked up: \(error.reason)")
            }
        }
        var permitted: [IPAddress] = []
        var objections: [String] = []
        for address in found {
            if let objection = await objection(to: address, url) {
                objections.append(objection)
            } else {
                permitted.append(address)
            }
        }
        if permitted.isEmpty {
            guard let objection = objections.first else {
                return .none("the name of the target has no address")
            }
            // What a name leads to inside of the operator's network is nothing to a tenant.
            let subject =
                url.address == nil
                ? "the name of the target has an address that" : "the address of the target"
            return .none("\(subject) \(objection)")
        }
        var reply = WebhookReply.none("nothing was tried")
        for address in permitted.prefix(Self.mostAddresses) {
            do {
                return try await send(request, to: address)
            } catch {
                reply = .none(TransportWords.of(error))
                guard TransportWords.isOfConnecting(error) else { return reply }
            }
        }
        return reply
    }

    private func objection(to address: IPAddress, _ url: WebhookURL) async -> String? {
        if let objection = targets.objection(to: address, isSecure: url.isSecure) {
            return objection
        }
        guard !targets.names(address) else { return nil }
        return switch await isOwn(address) {
        case false?: nil
        case true?:
            "is one of this installation itself, and --webhook-allow of the server does not name it"
        case nil: "may be one of this installation itself: that cannot be told yet"
        }
    }

    private func send(
        _ request: WebhookRequest,
        to address: IPAddress
    ) async throws -> WebhookReply {
        var call = HTTPClientRequest(url: request.url.description)
        call.method = .POST
        call.headers.add(name: "content-type", value: "application/json")
        call.headers.add(name: "user-agent", value: userAgent)
        for header in request.headers { call.headers.add(name: header.name, value: header.value) }
        call.body = .bytes(ByteBuffer(string: request.body))
        // A client for each attempt: an address that was permitted once is not kept a connection to.
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: configuration(for: request.url, at: address)
        )
        do {
            let seconds = timeLimit.components.seconds
            let response = try await http.execute(call, timeout: .seconds(seconds))
            let status = Int(response.status.code)
            let text = (200..<300).contains(status) ? "" : try await Self.begin(of: response.body)
            try? await http.shutdown()
            return .status(status, text: text)
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    private func configuration(
        for url: WebhookURL,
        at address: IPAddress
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout = .init(connect: .nanoseconds(Int64(timeLimit / .nanoseconds(3))))
        // The name goes on being what the certificate has to be for.
        if url.address == nil { configuration.dnsOverride = [url.host: "\(address)"] }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.trustRoots = authorities
        configuration.tlsConfiguration = tls
        return configuration
    }

    /// What a person may read of it, on one line.
    private static func begin(of body: HTTPClientResponse.Body) async throws -> String {
        var bytes: [UInt8] = []
        for try await part in body {
            bytes += part.readableBytesView.prefix(mostBytes - bytes.count)
            if bytes.count == mostBytes { break }
        }
        let words = bytes.split { $0 <= 0x20 }.joined(separator: [0x20])
            .filter { (0x20...0x7e).contains($0) }
        let text = String(decoding: words, as: UTF8.self)
        return text.count > mostCharacters ? text.prefix(mostCharacters) + "…" : text
    }
}
