import APIContract
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON

/// What the server knows of why packets do not arrive.
struct DiagnosisRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [
            Endpoint(.get, "wireguard_peers/:id/diagnosis", .diagnosePeer, diagnose),
            Endpoint(
                .get,
                "wireguard_interfaces/:id/diagnosis",
                .diagnoseGateway,
                diagnoseGateway
            ),
            Endpoint(.get, "networks/:id/explanation", .explainPath, explain),
        ]
    }

    private func diagnose(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: PeerID = try context.identifier()
        return .object(try await controlPlane.diagnosePeer(id, by: context.caller).json)
    }

    private func diagnoseGateway(
        _ request: Request,
        _ context: CallerContext
    ) async throws -> Answer {
        let id: GatewayID = try context.identifier()
        return .object(try await controlPlane.diagnoseGateway(id, by: context.caller).json)
    }

    private func explain(_ request: Request, _ context: CallerContext) async throws -> Answer {
        let id: NetworkID = try context.identifier()
        // A network that does not exist for the caller is answered so whatever the parameters are.
        _ = try await controlPlane.showNetwork(id, by: context.caller)
        let query = Query(request.uri.query)
        let from = try query.pathEnd(.from)
        let to = try query.pathEnd(.to)
        do {
            return .object(
                try await controlPlane.explainPath(in: id, from: from, to: to, by: context.caller)
                    .json
            )
        } catch let error as UnresolvedPathEnd {
            throw Problem(error)
        }
    }
}

extension Query {
    fileprivate func pathEnd(_ end: UnresolvedPathEnd.End) throws -> String {
        guard case .text(let text)? = self[end.rawValue], !text.isEmpty else {
            throw Problem(
                .unprocessableContent,
                .missingParameter,
                "'\(end.rawValue)' must be the id, the name or the address of a peer.",
                .parameter(end.rawValue)
            )
        }
        return text
    }
}

extension Problem {
    fileprivate init(_ error: UnresolvedPathEnd) {
        let name = error.end.rawValue
        let (code, detail): (ErrorCode, String) =
            switch error.reason {
            case .unknown:
                (
                    .unknownAssociation,
                    "'\(name)' names no peer of this network, neither by id nor by name or address."
                )
            case .ambiguous(let ids):
                (
                    .badRequest,
                    "Several peers of this network have the name in '\(name)'. Give one of their ids:"
                        + " \(ids.map(\.description).joined(separator: ", "))."
                )
            }
        self.init(.unprocessableContent, code, detail, .parameter(name))
    }
}
