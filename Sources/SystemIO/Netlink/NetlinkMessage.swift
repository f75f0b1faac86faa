/// A message to or from rtnetlink: a header, the fixed part of its kind, and attributes. All numbers are in the
/// machine's own order but those of addresses.
struct NetlinkMessage {
    static let headerLength = 16

    private(set) var bytes: [UInt8]

    init(_ type: UInt16, flags: UInt16, fixed: [UInt8]) {
        bytes = Self.words(UInt32(0)) + Self.words(type) + Self.words(flags | Flag.request)
        // A sequence number and a port, which one socket for one request does not need.
        bytes += [UInt8](repeating: 0, count: 8) + fixed
        close(at: 0)
    }

    mutating func add(_ attribute: UInt16, _ value: [UInt8]) {
        bytes += Self.words(UInt16(4 + value.count)) + Self.words(attribute) + value
        bytes += [UInt8](repeating: 0, count: -bytes.count & 3)
        close(at: 0)
    }

    mutating func add(_ attribute: UInt16, _ value: UInt32) { add(attribute, Self.words(value)) }

    /// An attribute whose value is attributes.
    mutating func nest(_ attribute: UInt16, _ body: (inout NetlinkMessage) -> Void) {
        var inner = NetlinkMessage(0, flags: 0, fixed: [])
        body(&inner)
        add(attribute, Array(inner.bytes.dropFirst(Self.headerLength)))
    }

    private mutating func close(at start: Int) {
        bytes.replaceSubrange(start..<start + 4, with: Self.words(UInt32(bytes.count - start)))
    }

    static func words<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number) { Array($0) }
    }

    enum Flag {
        static let request: UInt16 = 0x01
        static let acknowledge: UInt16 = 0x04
        static let dump: UInt16 = 0x300
        static let replace: UInt16 = 0x100
        static let exclusive: UInt16 = 0x200
        static let create: UInt16 = 0x400
    }
}

/// A received message: its kind, and what stands behind its header.
struct NetlinkAnswer {
    static let error: UInt16 = 2
    static let done: UInt16 = 3

    let type: UInt16
    let body: ArraySlice<UInt8>

    /// The messages that one call received, as far as they are whole.
    static func all(in bytes: [UInt8]) -> [NetlinkAnswer] {
        var rest = bytes[...]
        var answers: [NetlinkAnswer] = []
        while let length = rest.number(at: 0, as: UInt32.self).map({ Int($0) }),
            length >= NetlinkMessage.headerLength, length <= rest.count,
            let type = rest.number(at: 4, as: UInt16.self)
        {
            let body = rest.prefix(length).dropFirst(NetlinkMessage.headerLength)
            answers.append(NetlinkAnswer(type: type, body: body))
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return answers
    }

    /// The attributes behind a fixed part of this many bytes, by their kinds.
    func attributes(behind fixed: Int) -> [UInt16: ArraySlice<UInt8>] {
        var rest = body.dropFirst(fixed)
        var found: [UInt16: ArraySlice<UInt8>] = [:]
        while let length = rest.number(at: 0, as: UInt16.self).map({ Int($0) }), length >= 4,
            length <= rest.count, let kind = rest.number(at: 2, as: UInt16.self)
        {
            // The upper two bits say how the value is written.
            found[kind & 0x3fff] = rest.prefix(length).dropFirst(4)
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return found
    }
}

extension ArraySlice<UInt8> {
    /// Nil beyond the end.
    func number<Number: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int,
        as type: Number.Type
    ) -> Number? {
        guard offset + MemoryLayout<Number>.size <= count else { return nil }
        return withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
    }
}
