import Testing

@testable import wgw

struct MarkdownTextTests {
    @Test("a guide is broken between words, and what is to be copied stays as it is")
    func wrapped() {
        let guide = """
            ## 1. Save the config

            Save these lines as a text file.

            ```sh
            a command that is longer than a line
            ```

            - There is no handshake: let UDP out.

            """
        #expect(
            MarkdownText.wrapped(guide, to: 24) == """
                ## 1. Save the config

                Save these lines as a
                text file.

                ```sh
                a command that is longer than a line
                ```

                - There is no handshake:
                  let UDP out.

                """
        )
    }
}
