import APIContract
import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The page of an invitation, on which the invited chooses a password.
struct InvitationRoutes {
    let controlPlane: ControlPlane

    var routes: [EdgeRoute] {
        [
            EdgeRoute(.get, "invitations/:token", show),
            EdgeRoute(.post, "invitations/:token", accept),
        ]
    }

    private func show(_ request: Request, _ context: EdgeContext) async throws -> Response? {
        if let objection = Message.objection(to: request, of: context.client) {
            return objection.response()
        }
        return try await answering {
            let user = try await invited(request, context)
            return page(user)
        }
    }

    private func accept(_ request: Request, _ context: EdgeContext) async throws -> Response? {
        if let objection = Message.objection(to: request, of: context.client) {
            return objection.response()
        }
        return try await answering {
            let user = try await invited(request, context)
            let form = try await Form(request)
            guard let password = form["password"], password == form["repetition"] else {
                return page(user, fault: "Type the same password into both fields.")
            }
            let browser = Browser(request, context)
            do {
                let session = try await controlPlane.acceptInvitation(
                    behind: context.linkSecret,
                    password: Password(typed: password),
                    from: browser.origin
                )
                return browser.signedIn(session, to: .overview)
            } catch ServiceError.invalid(let problems) {
                let reasons = problems.map { "The password \($0.reason.predicate)." }
                return page(user, fault: reasons.joined(separator: " "))
            }
        }
    }

    private func invited(_ request: Request, _ context: EdgeContext) async throws -> User {
        try await controlPlane.invitedUser(
            behind: context.linkSecret,
            from: Browser(request, context).origin
        )
    }

    private func page(_ user: User, fault: String? = nil) -> Response {
        Templates.page(
            "invitation",
            [
                "title": "Choose your password",
                "name": user.name,
                "role": user.role.rawValue,
                "isReset": user.hasPassword,
                "faults": fault.map { [$0] } ?? [],
                "minimum": Password.minimumLength,
                "maximum": Password.maximumLength,
            ],
            status: fault == nil ? .ok : .unprocessableContent
        )
    }

    private func answering(_ answer: () async throws -> Response) async throws -> Response {
        do {
            return try await answer()
        } catch {
            guard let refusal = SignInRefusal(error) else { throw error }
            return refusal.answer(Message("You cannot sign in with this link", refusal).response())
        }
    }
}

extension EdgeContext {
    fileprivate var linkSecret: LinkSecret { LinkSecret(parameters.get("token") ?? "") }
}
