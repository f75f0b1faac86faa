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
        "declarations behind each other that begin with the same words are one",
        arguments: [
            (
                "const a = 1;\nconst b = 2; // two\nconst { c } = b;\nlet d;\nlet e;",
                "const a=1,b=2,{c}=b;let d,e;"
            ),
            ("const a = 1;\nf();\nconst b = 2;", "const a=1;f();const b=2;"),
            (
                "export const a = 1;\nexport const b = 2;\nconst c = 3;",
                "export const a=1,b=2;const c=3;"
            ),
            (
                "const a = () => { b(); };\nif (a) { const c = 1; }\nconst d = 2;",
                "const a=()=>{b()};if(a){const c=1}\nconst d=2;"
            ),
            ("const a = `${b};`;\nconst c = 1;", "const a=`${b};`,c=1;"),
        ]
    )
    func declarations(source: String, lean: String) {
        #expect(String(decoding: LeanText.script(Array(source.utf8)), as: UTF8.self) == lean)
    }

    @Test(
        "a name that functions alone declare becomes short, and no other",
        arguments: [
            (
                "function f(first, second) {\n  const sum = first + second;\n  return { sum, first: second };\n}",
                "function f(b,a){const sum=b+a;return{sum,first:a}}"
            ),
            (
                "list.map(entry => entry.entry + `entry ${entry}`)",
                "list.map(a=>a.entry+`entry ${a}`)"
            ),
            (
                "const count = 1;\nfunction f(count) { return count; }",
                "const count=1;function f(count){return count}"
            ),
            (
                "const one = 1, two = 2;\nlist.map(two => two)",
                "const one=1,two=2;list.map(two=>two)"
            ),
            (
                "f(history => history, ({ name }) => name, (...rest) => rest)",
                "f(history=>history,({name})=>name,(...a)=>a)"
            ),
            (
                "f(() => { const one = 1, two = a; return [one, two]; })",
                "f(()=>{const b=1,c=a;return[b,c]})"
            ),
            (
                "f((size = 1) => ({ size() {}, async rate() {} }), rate => rate)",
                "f((size=1)=>({size(){},async rate(){}}),rate=>rate)"
            ),
            (
                "f(() => { if (found) g(found); for (const [key, value] of found) g(key ? value : key); })",
                "f(()=>{if(found)g(found);for(const[a,b]of found)g(a?b:a)})"
            ),
        ]
    )
    func names(source: String, lean: String) {
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
