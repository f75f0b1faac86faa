import APIContract
import GatewayDomain

extension Operation {
    static let listPrivateServices = Operation.list(
        "listPrivateServices",
        "List the private services of the server.",
        """
        Lists the services of the server's operator that gateways can lead to, oldest first, with those of the \
        server's config file.
        """,
        of: "PrivateService",
        [.nameFilter(PrivateServiceMembers.name, of: "private services")]
    )

    static let createPrivateService = Operation.create(
        "createPrivateService",
        "Make a private service.",
        """
        Makes a service that gateways can lead to. Those of its regions with `enable_sip_trunking` do so at \
        once: the configs of their peers have its prefixes from then on, and older ones are outdated.
        """,
        for: .unrestricted(.admin),
        "NewPrivateService",
        "PrivateService"
    )

    static let showPrivateService = Operation.show(
        "showPrivateService",
        "Show one private service by its id.",
        "Shows a private service: its prefixes, protocol, ports and regions.",
        "PrivateService"
    )

    static let updatePrivateService = Operation.change(
        "updatePrivateService",
        "Change a private service.",
        """
        Changes the members that the body has and leaves the others. Gateways and the configs of their peers \
        follow. A service of the server's config file is changed there alone.
        """,
        for: .unrestricted(.admin),
        "PrivateServiceChange",
        "PrivateService"
    )

    static let deletePrivateService = Operation.delete(
        "deletePrivateService",
        "Delete a private service.",
        """
        Deletes a private service. Gateways that name it lose it, and peers do not reach it any more. A \
        service of the server's config file is deleted there alone.
        """,
        for: .unrestricted(.admin),
        "PrivateService"
    )
}
