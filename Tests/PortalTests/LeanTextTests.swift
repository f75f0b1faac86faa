import Testing

@testable import Portal

/// Scripts and style sheets without what only readers of the source need.
struct LeanTextTests {
    @Test(
        "a script loses comments and white space, and no character of a text",
        arguments: [
            ("// Why.\nconst a = 1; // one\n\nlet b = a + 2;\n", "const a=1;let b=a+2;"),
            (
                "/// Why.\nexport const f = ({ a, b }) => [a, b];\n",
                "export const f=({a,b})=>[a,b];"
            ),
            ("a = 'x  // y'  +  \"it's /* here */\" ;", "a='x  // y'+\"it's /* here */\";"),
            ("a = 'it\\'s  so';  b", "a='it\\'s  so';b"),
            (
                "a = `x  ${ b ? `y  ${ c + { d : 1 }.d }` : '  ' }  // z`;",
                "a=`x  ${b?`y  ${c+{d:1}.d}`:'  '}  // z`;"
            ),
            ("a = /[\"/ ]  '/g.test( b )  /  2", "a=/[\"/ ]  '/g.test(b)/2"),
            ("return /[\",\\r] +/.test(a)", "return/[\",\\r] +/.test(a)"),
            ("a\n  .b\n  .c()\nd()", "a.b.c()\nd()"),
            ("a = b\n(c)", "a=b\n(c)"),
            ("a + +b - -c; a / /x/.y", "a+ +b- -c;a/ /x/.y"),
            ("if (a) return  b\nelse  throw c\n", "if(a)return b\nelse throw c"),
            ("x = 'ü'  ?  1 : 2", "x='ü'?1:2"),
            ("if (a) {\n  f({\n    b,\n  });\n}\nc = `${d}, `;\n", "if(a){f({b})}\nc=`${d}, `;"),
        ]
    )
    func script(source: String, lean: String) {
        #expect(String(decoding: LeanText.script(Array(source.utf8)), as: UTF8.self) == lean)
    }

    @Test(
        "a style sheet loses comments and white space, and keeps what joins selectors and values",
        arguments: [
            ("/* Why. */\n\na :hover { b: 1px  solid; c: d }\n", "a :hover{b:1px solid;c:d}"),
            ("a { b: 0.5px 10.5px -0.25rem v0.5 0; }", "a{b:.5px 10.5px -.25rem v0.5 0}"),
            ("a > b + c, d{ e: calc(1px + 2%); }", "a>b + c,d{e:calc(1px + 2%)}"),
            (
                "@media (a: b) and (c) { a::before { content: ': ;  '; } }",
                "@media (a:b) and (c){a::before{content:': ;  '}}"
            ),
        ]
    )
    func style(source: String, lean: String) {
        #expect(String(decoding: LeanText.style(Array(source.utf8)), as: UTF8.self) == lean)
    }

    @Test(
        "what ends in the middle of a text, a template or a comment is taken as it is",
        arguments: ["'a", "`a${", "`a${b", "/*", "a /", "/[", "'\\", "//"]
    )
    func unfinished(source: String) {
        #expect(LeanText.script(Array(source.utf8)).count <= source.utf8.count)
        #expect(LeanText.style(Array(source.utf8)).count <= source.utf8.count)
    }
}
