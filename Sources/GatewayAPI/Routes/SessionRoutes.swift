import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// Who asks, in which browsers it has signed in, and a link that signs one more in.
struct SessionRoutes {
    let controlPlane: ControlPlane
    let linkBase: LinkBase

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "whoami", .showCaller, showCaller),
            Endpoint(.get, "sessions", .listSessions, list),
            Endpoint(.delete, "sessions", .endOtherSessions, endOthers),
            Endpoint(.delete, "sessions/:id", .endSession, end),
            Endpoint(.post, "sign_in_codes", .createSignInCode, createCode),
        ]
    }

    private func showCaller(_ request: Request, _ context: CallerContext) async throws -> Answer {
        .object(context.caller.summary.json)
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let user = try query.identifierFilter(SessionMembers.userID)
        return .page(
            try await controlPlane.listSessions(of: user, page: page, by: context.caller)
        ) { json(of: $0, for: context) }
    }

    private func end(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: SessionID = try context.identifier()
        let ended = try await controlPlane.perform(.endSession(id), by: context.caller)
        return .object(json(of: ended, for: context))
    }

    private func endOthers(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let ended = try await controlPlane.perform(
            .endOtherSessions,
            by: context.caller
        )
        return .list(ended.map { json(of: $0, for: context) })
    }

    private func json(of session: Session, for context: CallerContext) -> JSONValue {
        SessionAnswer(session, isCurrent: session.id == context.caller.sessionID).json
    }

    private func createCode(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let linkBase = linkBase
        return try await controlPlane.answer(
            request,
            context,
            isLocked: true,
            with: { created in
                let url = linkBase.link(
                    to: "sign-in?code=\(created.code.text)",
                    from: request,
                    of: context.client
                )
                return .object(SignInLink(url: url, expiresAt: created.expiresAt).json)
            }
        ) { _ in
            .createSignInCode
        }
    }
}
