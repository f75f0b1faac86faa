import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging

/// Gives every request an id, the client's own if it is harmless, that stands in every log line
/// and on the answer: with it an operator finds what a client complains about.
struct IdentifyRequest: RouterMiddleware {
    func handle(
        _ request: Request,
        context: EdgeContext,
        next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = Self.acceptable(request.headers[.requestID]) ?? Self.random()
        context.logger[metadataKey: "request_id"] = "\(context.requestID)"
        // Hummingbird's own number for the same purpose would only confuse.
        context.logger[metadataKey: "hb.request.id"] = nil
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        return response
    }

    /// 1 to 128 visible ASCII characters: nothing that breaks a log line.
    private static func acceptable(_ text: String?) -> String? {
        guard
            let text, (1...128).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return text
    }

    static func random() -> String {
        let digits: StaticString = "0123456789abcdef"
        var random = UInt128.random(in: .min ... .max)
        return String(unsafeUninitializedCapacity: 32) { text in
            for index in 0..<32 {
                text[index] = digits.utf8Start[Int(truncatingIfNeeded: random & 15)]
                random >>= 4
            }
            return 32
        }
    }
}
