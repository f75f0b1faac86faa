import APIContract
import GatewayDomain

extension Operation {
    static let showOverview = Operation(
        id: "showOverview",
        summary: "Show how all gateways and peers do, and what is wrong.",
        about: """
            Counts the gateways and peers that the API key may see, and says what is wrong with them and what \
            to do about it. Of each gateway and peer itself the lists tell.
            """,
        access: .anyKey,
        answer: "The gateways and peers in numbers, with remarks, as of now.",
        result: .object(Overview.contract.name)
    )
}
