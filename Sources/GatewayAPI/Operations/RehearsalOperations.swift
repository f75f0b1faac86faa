import APIContract
import GatewayDomain

extension Operation {
    static let rehearseChanges = Operation(
        id: "rehearseChanges",
        summary: "Try several changes without making any.",
        about: """
            Tries changes one after the other, each as if those before it were made, and makes none of them. What \
            would be refused is answered with 422 and the errors of all steps: `source.pointer` of each begins with \
            `/steps/` and the index of its step. A step that needs a new object of a refused one is not tried.
            """,
        access: .role(.member),
        body: NewRehearsal.contract.name,
        answer: "Nothing of it would be refused at this moment.",
        result: .object(Rehearsal.contract.name),
        makesNothing: true
    )
}
