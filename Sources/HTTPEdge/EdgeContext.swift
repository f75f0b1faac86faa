package import Hummingbird
package import NIOCore

/// What the edge knows about a request. It knows a request's source, not its sender: who that is
/// the routes find out.
package struct EdgeContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Set by `IdentifyRequest`, before anything else sees the request.
    package var requestID = ""
    /// Set by `FindClient`, before anything is logged or limited by it.
    package var client = ClientEnd.unknown
    package let rate = RateNote()
    package let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
