import APIContract
import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// The users of the caller's organization, for its owners, and a user's own password.
struct UserRoutes {
    let controlPlane: ControlPlane
    let linkBase: LinkBase

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "users", .listUsers, list),
            Endpoint(.post, "users", .createUser, create),
            Endpoint(.get, "users/:id", .showUser, show),
            Endpoint(.patch, "users/:id", .updateUser, update),
            .delete("users/:id", .deleteUser, controlPlane, Verb<User>.deleteUser(_:if:), \.json),
            Endpoint(.post, "users/:id/invitation", .inviteUser, invite),
            Endpoint(.put, "password", .changePassword, changePassword),
        ]
    }

    private func list(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let query = Query(request.uri.query)
        let page = try query.page()
        let name = try query.filter(UserMembers.name)
        return .page(
            try await controlPlane.listUsers(name: name, page: page, by: context.caller)
        ) { UserAnswer($0) }
    }

    private func create(_ request: Request, _ context: CallerContext) async throws -> Answer {
        try await controlPlane.answer(
            request,
            context,
            isLocked: true,
            with: answer(to: request, of: context.client)
        ) { body in
            .createUser(NewUser(body), counting: controlPlane.takenUserNames)
        }
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: UserID = try context.identifier()
        let found = try await controlPlane.showUser(id, by: context.caller)
        return .object(found.json, version: found.updatedAt)
    }

    private func update(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: UserID = try context.identifier()
        let change = UserChange(try await request.jsonObject())
        return .object(
            try await controlPlane.perform(
                .updateUser(
                    id,
                    change,
                    counting: controlPlane.takenUserNames,
                    if: request.precondition
                ),
                by: context.caller
            ).json
        )
    }

    private func invite(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: UserID = try context.identifier()
        return try await controlPlane.answer(
            request,
            context,
            isLocked: true,
            with: answer(to: request, of: context.client)
        ) { body in
            .inviteUser(id, NewInvitation(body))
        }
    }

    private func answer(
        to request: Request,
        of client: ClientEnd
    ) -> @Sendable (InvitedUser) -> Answer {
        let linkBase = linkBase
        return { invited in
            let url = linkBase.link(
                to: "invitations/\(invited.secret.text)",
                from: request,
                of: client
            )
            return .object(UserAnswer(invited.user, invitationURL: url).json)
        }
    }

    private func changePassword(
        _ request: Request,
        _ context: CallerContext
    ) async throws -> Answer {
        let change = PasswordChange(try await request.jsonObject())
        let changed = try await controlPlane.changePassword(
            change,
            from: context.client.address,
            by: context.caller
        )
        var answer = Answer.object(changed.user.json)
        if let secret = changed.secret {
            let cookie = SessionCookie(for: request, isTLS: context.client.isTLS)
            answer.headers[.setCookie] = cookie.setting(
                secret.text,
                seconds: Session.longestSeconds
            )
        }
        return answer
    }
}
