import GatewayDomain
package import OpenAPI

/// Every body that the API knows, by the name of its schema.
package enum Contracts {
    package typealias NamedSchema = (name: String, schema: Schema)

    package static let schemas = requests + answers + refusals

    static let requests = [
        request(NewOrganization.self), request(OrganizationChange.self), request(NewAPIKey.self),
        request(NewUser.self), request(UserChange.self), request(NewInvitation.self),
        request(PasswordChange.self), request(NewSignInCode.self),
        request(NewNetwork.self), request(NetworkChange.self), request(NewGateway.self),
        request(GatewayChange.self), request(NewPeer.self), request(PeerChange.self),
        request(NewPeerShare.self), request(NewPeerConfigURL.self),
        request(NewDefaultGateway.self), request(NewInternetGateway.self),
        request(NewPrivateService.self), request(PrivateServiceChange.self),
        request(NewNetworkRoute.self), request(NewNode.self), request(NodeChangeRequest.self),
        request(NewJoinToken.self), request(NewRegion.self), request(RegionChange.self),
        request(NewLimits.self), request(NewQuota.self),
        request(NewRehearsal.self), request(NewWebhook.self), request(WebhookChange.self),
        request(NewWebhookSecret.self), request(NewWebhookTest.self),
        request(NewWebhookRetry.self),
    ]

    static let answers = [
        answer(Organization.self), answer(APIKeyAnswer.self), answer(UserAnswer.self),
        answer(SessionAnswer.self), answer(SignInLink.self), answer(CallerSummary.self),
        answer(Network.self),
        answer(NetworkInterface.self), answer(Gateway.self), answer(PeerAnswer.self),
        answer(PeerShareAnswer.self), answer(PeerConfigURLAnswer.self),
        answer(QRCodeImages.self),
        answer(DefaultGateway.self), answer(InternetGateway.self), answer(PrivateService.self),
        answer(NetworkRoute.self), answer(NetworkRoute.NextHop.self),
        answer(BackboneLink.self), answer(LinkEnd.self), answer(Region.self),
        answer(RegionSummary.self), answer(CoverageSite.self), answer(EventAnswer.self),
        answer(PeerDiagnosis.self), answer(GatewayDiagnosis.self), answer(Finding.self),
        answer(DropObservation.self),
        answer(PathExplanation.self), answer(PathEnd.self), answer(PathStep.self),
        answer(Overview.self), answer(Remark.self), answer(TrafficHistory.self),
        answer(UsageRow.self),
        answer(Costs.self), answer(CostLine.self),
        answer(LimitSetting.self), answer(MonthlyQuota.self), answer(ShownQuotaUse.self),
        answer(RunningServer.self), answer(NodeAnswer.self),
        answer(Rehearsal.self), answer(WebhookAnswer.self), answer(WebhookDelivery.self),
        answer(PageMeta.self),
    ]

    static let refusals = [
        (name: Envelope.errorsName, schema: Envelope.errorsSchema), answer(ErrorEntry.self),
    ]

    private static func request<Request: APIRequest>(_: Request.Type) -> NamedSchema {
        (Request.contract.name, Request.contract.schema)
    }

    private static func answer<Object: APIObject>(_: Object.Type) -> NamedSchema {
        (Object.contract.name, Object.contract.schema)
    }
}
