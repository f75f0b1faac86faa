package import GatewayService
package import Hummingbird
import NIOCore

/// What is known about a request before anybody looked at who sent it.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package var requestID = ""
    let rate = RateNote()
    let channel: any Channel
    /// Set by `RequireCaller`.
    package var caller: Caller?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The address of the other end: a client's, or a proxy's.
    var source: String { channel.remoteAddress?.ipAddress ?? "unknown" }
}

/// What a route under `/v2` works with. It can not be made without a caller, so a route that
/// nobody put behind `RequireCaller` answers 401 to everybody.
struct CallerContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    let caller: Caller

    init(context: APIContext) throws {
        guard let caller = context.caller else {
            throw Problem.unauthenticated(RequireCaller.missingCredentials)
        }
        coreContext = context.coreContext
        channel = context.channel
        self.caller = caller
    }
}
