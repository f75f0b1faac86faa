import Testing

@testable import APIContract

struct ValueSourceTests {
    private struct Inner {
        var count = 7
        var names = ["a", "b"]
    }

    private struct Object {
        var inner = Inner()
        var note: String? = "kept"
        var doubled: Int { inner.count * 2 }
    }

    private final class Reference: Sendable {
        let text = "shared"
    }

    @Test("a property is read where it is stored, also inside of another, with what it refers to")
    func stored() {
        var object = Object()
        #expect(ValueSource(\Object.inner.count)(object) == 7)
        #expect(ValueSource(\Object.note)(object) == "kept")
        let names = ValueSource(\Object.inner.names)
        let before = names(object)
        object.inner.names.append("c")
        #expect(before == ["a", "b"] && names(object) == ["a", "b", "c"])
    }

    @Test(
        "a computed property, one of a class and a closure are asked, as nothing of them is stored in the object"
    )
    func computed() {
        #expect(ValueSource(\Object.doubled)(Object()) == 14)
        #expect(ValueSource(\Reference.text)(Reference()) == "shared")
        #expect(ValueSource<Object, Int> { $0.inner.count + 1 }(Object()) == 8)
    }
}
