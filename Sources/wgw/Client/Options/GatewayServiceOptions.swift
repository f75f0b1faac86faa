import ArgumentParser
import GatewayDomain

/// Which private services a gateway leads to.
struct GatewayServiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The private services that its peers reach, by name, separated by commas; none for none, default to \
            leave it to --enable-sip-trunking.
            """,
            valueName: "names"
        )
    )
    var services: String?

    @Flag(
        name: .customLong("enable-sip-trunking"),
        inversion: .prefixedNo,
        help: "Lead to all private services of its region, where --services names none."
    )
    var enableSIPTrunking: Bool?

    var isEmpty: Bool { services == nil && enableSIPTrunking == nil }

    var requestedFlag: Field<Bool> { enableSIPTrunking.map { .value($0) } ?? .absent }

    var requestedNames: Field<[Field<String>]> {
        switch services {
        case nil: .absent
        case "default": .null
        case "none": .value([])
        case let names?: .value(names.commaSeparated.map { .value($0) })
        }
    }
}

extension String {
    /// The words between the commas, without blanks around them.
    var commaSeparated: [String] {
        split(separator: ",").map { $0.trimmingPrefix { $0 == " " }.description }
    }
}
