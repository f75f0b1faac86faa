import GatewayDomain
import OpenAPI

extension Codec<Password> {
    /// One that is compared with a stored password, whatever its length.
    static var typedPassword: Codec {
        .string({ .string($0) }, write: \.text) { (text) throws(FieldProblem.Reason) in
            // Before any work: what is longer cannot have been chosen.
            guard text.utf8.count <= 4 * Password.maximumLength else {
                throw .tooLong(maximum: Password.maximumLength)
            }
            return Password(typed: text)
        }
    }
}
