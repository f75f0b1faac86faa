import APIContract
import GatewayDomain
import HTTPTypes
import Hummingbird
import OpenAPI

extension Problem {
    init(_ error: ServiceError) {
        switch error {
        case .notFound:
            self = .notFound
        case .forbidden(let has, let needs):
            self.init(
                .forbidden,
                .forbidden,
                "The role of this caller is '\(has.rawValue)'; this takes '\(needs.rawValue)'."
            )
        case .restrictedKey:
            self.init(
                .forbidden,
                .forbidden,
                "This caller is restricted to single networks; this takes one that is not."
            )
        case .organizationSuspended:
            self.init(.forbidden, .accountInactive, "The organization is suspended.")
        case .callerIsGone:
            self = .endedCaller
        case .organizationInUse:
            self = .refused(
                .inUse,
                "The organization has networks, or is the one that asks. Delete the networks first,"
                    + " and ask from another organization."
            )
        case .organizationHasService(let name):
            self = .refused(
                .inUse,
                "The private service '\(name)' names the organization in its 'organization_ids'. Take the"
                    + " organization out of them first."
            )
        case .operatorOrganization:
            self = .refused(
                .inUse,
                "This is the organization of the server's operator. It can be renamed, but not"
                    + " deleted."
            )
        case .lastAdmin:
            self = .refused(
                .inUse,
                "The server would be left without an admin: no other API key has the role 'admin',"
                    + " no end and no restriction to networks, and no user with a password is such"
                    + " an admin. Make another such key first."
            )
        case .signInRefused:
            self.init(
                .unauthorized,
                .unauthenticated,
                "The name and the password, or the API key, are wrong."
            )
        case .tooManySignIns(let seconds):
            self = .tooManyRequests(
                .seconds(seconds),
                "Too many have tried to sign in. Wait before the next attempt."
            )
        case .notAUser:
            self.init(
                .forbidden,
                .forbidden,
                "Only a user has a password, and this caller is an API key."
            )
        case .changedMeanwhile:
            self.init(
                .preconditionFailed,
                .badRequest,
                "The object has changed since you read it. Read it again, then decide."
            )
        case .requestDiffers:
            self = .refused(
                .unprocessable,
                "This Idempotency-Key was used with another body, or by another caller. Take a new"
                    + " one for a new request."
            )
        case .requestIsRunning:
            self.init(
                .conflict,
                .beingProcessed,
                "The first request with this Idempotency-Key is still being worked on."
            )
        case .revisionGone:
            self.init(
                .gone,
                .outOfRange,
                "The journal does not reach back to this revision any more, or was never there."
                    + " Read the lists again, then follow without 'since'.",
                .parameter("since")
            )
        case .linkIsSpent:
            self.init(
                .gone,
                .notFound,
                "This link was used, or has expired. Ask its sender for a new one."
            )
        case .duplicateName:
            self = .refused(
                .duplicate,
                "Another organization has this name.",
                .pointer(OrganizationMembers.name.pointer)
            )
        case .duplicateUserName:
            self = .refused(
                .duplicate,
                "This name cannot be taken: no two users of the server have the same. Choose another"
                    + " one.",
                .pointer(UserMembers.name.pointer)
            )
        case .tooManyNames(let seconds):
            self = .tooManyRequests(
                .seconds(seconds),
                "Your organization has asked for too many names that cannot be taken. Wait before the"
                    + " next one."
            )
        case .duplicatePrivateService:
            self = .refused(
                .duplicate,
                "Another private service has this name.",
                .pointer(PrivateServiceMembers.name.pointer)
            )
        case .configuredPrivateService(let name):
            self = .refused(
                .badRequest,
                "The private service \(name) is written down in the config file of the server. Change it"
                    + " there, and start the server anew."
            )
        case .duplicateNodeName:
            self = .refused(
                .duplicate,
                "Another node has this name.",
                .pointer(NodeMembers.name.pointer)
            )
        case .nodeInUse(let count):
            self = .refused(
                .inUse,
                "The node still carries \(count) gateway\(count == 1 ? "" : "s"). Move or delete them first."
            )
        case .embeddedNode:
            self = .refused(
                .inUse,
                "This is the node inside of the server. Its regions, address and ports are those of the server's"
                    + " settings, and it goes with the server."
            )
        case .duplicateRegion:
            self = .refused(
                .duplicate,
                "Another region has this code.",
                .pointer(RegionMembers.codePointer)
            )
        case .regionInUse(let users):
            self = .refused(.inUse, "The region is still that of \(users). Delete those first.")
        case .configuredRegion(let code):
            self = .refused(
                .badRequest,
                "The region \(code) is one of the server's settings. Change it there, and start the server anew."
            )
        case .node(let refusal):
            self.init(refusal)
        case .attachedRoute(let route):
            self = .refused(.inUse, Self.detail(ofAttached: route))
        case .networkInUse(let users):
            self = .refused(
                .networkInUse,
                "The network still has \(users.joined(separator: ", ")). Delete what it has, then the network."
            )
        case .invalid(let problems):
            self.init(.unprocessableContent, problems.map(Entry.init))
        case .duplicateDefaultGateway:
            self = .refused(
                .duplicate,
                "The network has a default gateway. PUT instead of POST chooses another peer."
            )
        case .duplicateInternetGateway:
            self = .refused(
                .duplicate,
                "The network has an internet gateway in this region.",
                .pointer(InternetGatewayMembers.regionCode.pointer)
            )
        case .duplicatePublicKey:
            self = .refused(
                .duplicate,
                "Another peer of this gateway has this public key. Every peer needs its own.",
                .pointer(PeerMembers.publicKey.pointer)
            )
        case .qrCodeWithoutKey:
            self = .refused(
                .badRequest,
                "A QR code holds the private key of the peer, which the server knows only while it"
                    + " makes one: ask for a QR code where a peer is made without a 'public_key', or"
                    + " where a PATCH with the body {} makes a new key pair.",
                .parameter(Parameter.include.name)
            )
        case .qrCodeImpossible(let reason):
            self = .refused(.limited, reason, .parameter(Parameter.include.name))
        case .subnetExhausted(let addresses):
            self = .refused(
                .limited,
                "All \(addresses) peer addresses of the gateway's subnet are taken. Delete a peer"
                    + " (its address can be given again 10 seconds later) or use another gateway.",
                .pointer(PeerMembers.gatewayID.pointer)
            )
        case .noFreePort(let nodes):
            self = .refused(.limited, Self.text(ofFull: nodes))
        case .noFreeSubnet(let length):
            self = .refused(
                .limited,
                "The address block of the network has no free /\(length) left. Delete a gateway,"
                    + " ask for a smaller subnet or use another network."
            )
        case .storageUnavailable(let trouble):
            self = .unavailable(["\(trouble) \(trouble.advice)"])
        case .damaged(let table, let id, let column):
            let object = table.split(separator: "_").joined(separator: " ")
            self.init(
                .internalServerError,
                .damaged,
                "The database holds a value of the \(object) \(id) that cannot be read (\(column))."
                    + " Ask the operator to restore it from a backup, or delete the \(object)."
            )
        case .egressShareReached(let excess, let pointer):
            self = .refused(
                .limited,
                "The gateways of an organization with a way out may have \(excess.share.addresses) addresses of"
                    + " the egress pool \(excess.share.pool), and this would take \(excess.wanted) beside the"
                    + " \(excess.held) that are in use. Use a gateway with a smaller subnet, take the way out"
                    + " from another gateway, or let the operator of the server raise max-egress-share.",
                .pointer(pointer)
            )
        case .limitReached(let objects, let limit):
            self = .refused(
                .limited,
                "The limit of \(limit) \(objects) is reached. Delete one first."
            )
        }
    }

    private static func detail(ofAttached route: NetworkRoute) -> String {
        switch route.nextHop.kind {
        case .gateway:
            "This route is the subnet of a gateway, and goes with that."
        case .peer:
            "This route is the default gateway of its network. To take that away: wgw network default-gateway"
                + " \(route.networkID) --remove (DELETE /v2/networks/\(route.networkID)/default_gateway)."
        case .internetGateway:
            "This route is an internet gateway. To delete that: wgw internet-gateway delete \(route.id)"
                + " (DELETE /v2/public_internet_gateways/\(route.id))."
        }
    }

    private static func refused(
        _ code: ErrorCode,
        _ detail: String,
        _ source: Entry.Source? = nil
    ) -> Problem {
        Problem(.unprocessableContent, code, detail, source)
    }
}

extension Problem.Entry {
    init(_ problem: FieldProblem) {
        let name = problem.pointer.split(separator: "/").joined(separator: ".")
        self.init(
            Self.code(of: problem.reason),
            "'\(name)' \(problem.reason.predicate).",
            .pointer(problem.pointer)
        )
    }

    private static func code(of reason: FieldProblem.Reason) -> ErrorCode {
        switch reason {
        case .missing: .missingParameter
        case .wrongType: .parameterType
        case .tooShort, .tooLong: .stringLength
        case .invalid: .badRequest
        case .taken: .duplicate
        case .unknownRegion, .unknownWord, .unknownService: .enumeratedValue
        case .unknownAssociation: .unknownAssociation
        case .outOfRange: .outOfRange
        }
    }
}
