import APIContract
import AsyncHTTPClient
import Foundation
package import GatewayDomain
import JSON
import NIOCore
import NIOHTTP1
import NIOSSL

/// The client of one server.
package final class GatewayClient: Sendable {
    package let server: ServerAccess
    private let http: HTTPClient
    private let userAgent: String
    private let timeLimit: Duration

    /// More than any answer has: the largest page, with long names.
    private static let maximumAnswerBytes = 64 << 20

    /// - Parameter timeLimit: for one request, with all its repetitions.
    private init(_ server: ServerAccess, _ http: HTTPClient, userAgent: String, timeLimit: Duration)
    {
        self.server = server
        self.http = http
        self.userAgent = userAgent
        self.timeLimit = timeLimit
    }

    /// The same client, which acts in an organization as its admin. It lives no longer than this one.
    package func acting(for organization: OrganizationID) -> GatewayClient {
        let server = ServerAccess(
            url: server.url,
            fingerprint: server.fingerprint,
            apiKey: server.apiKey,
            organization: organization
        )
        return GatewayClient(server, http, userAgent: userAgent, timeLimit: timeLimit)
    }

    /// The same client, as another caller. It lives no longer than this one.
    package func showing(_ key: String) -> GatewayClient {
        let server = ServerAccess(url: server.url, fingerprint: server.fingerprint, apiKey: key)
        return GatewayClient(server, http, userAgent: userAgent, timeLimit: timeLimit)
    }

    /// A client that lives as long as `body` runs.
    ///
    /// - Parameter connectLimit: for the connection, its TLS handshake included.
    package static func with<Result>(
        _ server: ServerAccess,
        userAgent: String,
        timeLimit: Duration = .seconds(30),
        connectLimit: Duration = .seconds(5),
        _ body: (GatewayClient) async throws -> Result
    ) async throws -> Result {
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: configuration(server, connectLimit)
        )
        do {
            let result = try await body(
                GatewayClient(server, http, userAgent: userAgent, timeLimit: timeLimit)
            )
            try? await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    /// The fingerprint of the certificate that a server shows, for people to compare; nil where none is shown. No
    /// request is sent.
    package static func certificate(
        shownBy url: ServerURL,
        userAgent: String
    ) async -> CertificateFingerprint? {
        // No certificate has no bytes, so that the pin refuses any.
        let pin = CertificateFingerprint(ofDER: [])
        let server = ServerAccess(url: url, fingerprint: pin, apiKey: nil)
        do {
            return try await with(server, userAgent: userAgent) { client in
                do throws(ClientError) {
                    _ = try await client.send(APICall(.get, "regions"))
                    return nil
                } catch {
                    guard case .untrusted(_, _, let found) = error else { return nil }
                    return found
                }
            }
        } catch {
            return nil
        }
    }

    private static func configuration(
        _ server: ServerAccess,
        _ connectLimit: Duration
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(
            connect: .nanoseconds(Int64(connectLimit / .nanoseconds(1)))
        )
        // A server that refuses the connection is told of at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        // A key goes to the server that it was meant for, and to no other.
        configuration.redirectConfiguration = .disallow
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let fingerprint = server.fingerprint {
            // The pin stands for the authorities and for the name.
            tls.certificateVerification = .none
            configuration.http1_1ConnectionDebugInitializer =
                CertificatePin(trusts: server.trusts ?? { $0 == fingerprint }).check
        }
        configuration.tlsConfiguration = tls
        return configuration
    }
}

extension GatewayClient {
    /// Sends a request until it is answered, refused or out of time.
    package func send(_ call: APICall) async throws(ClientError) -> APIResponse {
        let deadline = ContinuousClock.now + timeLimit
        var pause = RetryPause()
        while true {
            let outcome: ClientError
            do throws(ClientError) {
                return try await sendOnce(call, before: deadline)
            } catch {
                outcome = error
            }
            guard let wait = pause.next(after: outcome, of: call),
                ContinuousClock.now + wait < deadline
            else { throw outcome }
            do {
                try await Task.sleep(for: wait)
            } catch {
                throw .cancelled
            }
        }
    }

    private func sendOnce(
        _ call: APICall,
        before deadline: ContinuousClock.Instant
    ) async throws(ClientError) -> APIResponse {
        do {
            let response = try await http.execute(request(call), deadline: Self.time(deadline))
            let body = try await response.body.collect(upTo: Self.maximumAnswerBytes)
            let bytes = [UInt8](body.readableBytesView)
            guard (200..<300).contains(response.status.code) else {
                throw ClientError.refused(refusal(response, bytes))
            }
            return APIResponse(
                status: Int(response.status.code),
                bytes: bytes,
                entityTag: response.headers.first(name: "etag")
            )
        } catch {
            throw ClientError(error, of: call, to: server, within: timeLimit)
        }
    }

    /// The lines of an answer that goes on, as they come. The answer's head has the time limit of a
    /// request, its body has none.
    package func lines(
        of call: APICall
    ) async throws(ClientError) -> some AsyncSequence<[UInt8], any Error> {
        do {
            let response = try await http.execute(
                request(call),
                deadline: Self.time(.now + timeLimit)
            )
            guard response.status == .ok else {
                let body = try await response.body.collect(upTo: Self.maximumAnswerBytes)
                throw ClientError.refused(refusal(response, [UInt8](body.readableBytesView)))
            }
            return Lines(of: response.body)
        } catch {
            throw ClientError(error, of: call, to: server, within: timeLimit)
        }
    }

    private static func time(_ deadline: ContinuousClock.Instant) -> NIODeadline {
        let rest = max(ContinuousClock.now.duration(to: deadline), .zero)
        return .now() + .nanoseconds(Int64(rest / .nanoseconds(1)))
    }

    private func request(_ call: APICall) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: server.url.text + call.target)
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        request.headers.add(name: "user-agent", value: userAgent)
        request.headers.add(name: "accept", value: "*/*")
        if let key = server.apiKey {
            request.headers.add(name: "authorization", value: "Bearer \(key)")
        }
        if let organization = server.organization {
            request.headers.add(name: "x-wgw-organization", value: "\(organization)")
        }
        if let tag = call.ifMatch { request.headers.add(name: "if-match", value: tag) }
        if let key = call.idempotencyKey {
            request.headers.add(name: "idempotency-key", value: key)
        }
        if let body = call.body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.encoded))
        }
        return request
    }

    private func refusal(_ response: HTTPClientResponse, _ bytes: [UInt8]) -> Refusal {
        let json = try? JSONParser.parse(bytes)
        return Refusal(
            status: Int(response.status.code),
            entries: json.flatMap { Envelope.errors(in: $0) } ?? [],
            requestID: response.headers.first(name: "x-request-id"),
            retryAfter: response.headers.first(name: "retry-after").flatMap { Int64($0) }
        )
    }
}
