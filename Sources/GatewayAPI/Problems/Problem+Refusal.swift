import APIContract
import HTTPEdge

extension Problem {
    init(_ refusal: Refusal) {
        let (code, detail): (ErrorCode, String) =
            switch refusal {
            case .malformed(let detail):
                (.badRequest, detail)
            case .unreadable:
                (.badRequest, "The request is not valid HTTP/1.1, or its head is too large.")
            case .unknownTransferCoding:
                (
                    .badRequest,
                    "The only transfer coding that this server knows is chunked. Send the body"
                        + " without others."
                )
            case .unknownExpectation:
                (
                    .badRequest,
                    "The only expectation that this server knows is 100-continue. Leave the Expect"
                        + " field out."
                )
            case .bodyTooLarge(let limit):
                (.badRequest, "The request body is larger than \(Self.size(limit)).")
            case .tooManyBodies:
                (
                    .unavailable,
                    "Too many large request bodies are on their way. Try again in a moment."
                )
            }
        self.init(refusal.status, code, detail)
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 1 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
    }
}
