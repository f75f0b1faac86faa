/// Keys of nobody, as text.
enum Keys {
    static let hub = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
    static let otherHub = "kFj0KzZ2rP3m0Q5u6c8wYv1aBsXeT4hLRnGoUqdJCW0="
    static let shared = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE="

    static let alice = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
    static let bob = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0="
    static let carol = "gN65BkIKy1eCE9pP1wdc8ROUtkHLF2PfAqYdyYBz6EA="
}
