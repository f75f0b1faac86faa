import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Signing in and out. What changes something is a POST of a page of this server: a link that is only looked
/// at, by a program that reads mail or by another site, uses nothing up and signs no browser in.
struct SignInRoutes {
    let controlPlane: ControlPlane

    var routes: [EdgeRoute] {
        [
            EdgeRoute(.get, "sign-in", show),
            EdgeRoute(.post, "sign-in", signIn),
            EdgeRoute(.post, "sign-out", signOut),
        ]
    }

    private func show(_ request: Request, _ context: EdgeContext) async throws -> Response? {
        if let objection = Message.objection(to: request, of: context.client) {
            return objection.response()
        }
        let query = Form(request.uri.query ?? "")
        var page = SignInPage(next: Self.next(query), code: query["code"])
        if page.code == nil, try await isSignedIn(Browser(request, context)) {
            return .seeOther(page.next)
        }
        if query["signed-out"] != nil { page.note = "You are signed out." }
        return page.response()
    }

    /// Whose session is refused for what can be mended here, is not.
    private func isSignedIn(_ browser: Browser) async throws -> Bool {
        guard let session = browser.session else { return false }
        do {
            let caller = try await controlPlane.authenticate(
                session: session,
                from: browser.origin.source
            )
            return caller != nil
        } catch  where SignInRefusal(error) != nil {
            return false
        }
    }

    private func signIn(_ request: Request, _ context: EdgeContext) async throws -> Response? {
        if let objection = Message.objection(to: request, of: context.client) {
            return objection.response()
        }
        let form = try await Form(request)
        var page = SignInPage(next: Self.next(form))
        do {
            let browser = Browser(request, context)
            let session: NewSession
            if let code = form["code"] {
                session = try await controlPlane.signIn(
                    code: SignInCode(code),
                    from: browser.origin
                )
            } else if let key = form["api_key"] {
                page.isForAPIKey = true
                session = try await controlPlane.signIn(apiKey: key, from: browser.origin)
            } else {
                page.name = form["name"]
                guard let name = form["name"], let password = form["password"] else {
                    page.fault = "Type your name and your password, or an API key."
                    return page.response(.unprocessableContent)
                }
                session = try await controlPlane.signIn(
                    name: name,
                    password: Password(typed: password),
                    from: browser.origin
                )
            }
            return browser.signedIn(session, to: page.next)
        } catch {
            guard let refusal = SignInRefusal(error, isForAPIKey: page.isForAPIKey) else {
                throw error
            }
            page.fault = refusal.text
            return refusal.answer(page.response(refusal.status))
        }
    }

    private func signOut(_ request: Request, _ context: EdgeContext) async throws -> Response? {
        guard request.isFromOwnPage(isTLS: context.client.isTLS) else {
            return Message.foreignForm.response()
        }
        let browser = Browser(request, context)
        if let session = browser.session {
            try await controlPlane.signOut(session, requestID: context.requestID)
        }
        return browser.signedOut()
    }

    private static func next(_ form: Form) -> LocalPath {
        form["next"].flatMap { LocalPath($0) } ?? .overview
    }
}
