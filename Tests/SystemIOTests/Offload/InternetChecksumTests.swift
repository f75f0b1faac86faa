import SystemIO
import Testing
import TunnelTestSupport

struct InternetChecksumTests {
    @Test("the Internet checksum is that of RFC 1071's example, whole or in parts")
    func checksum() {
        var bytes: [UInt8] = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]
        var whole = InternetChecksum()
        whole.add(&bytes, count: 8)
        #expect(whole.value == ~0xddf2)
        var front = InternetChecksum()
        front.add(&bytes, count: 6)
        var parts = InternetChecksum()
        parts.add(0xf6f7)
        parts.add(front)
        #expect(parts.value == whole.value)
    }

    @Test("the Internet checksum counts an odd last byte as if a zero followed")
    func oddChecksum() {
        var bytes: [UInt8] = [0x12, 0x34, 0x56, 0x00]
        var odd = InternetChecksum()
        odd.add(&bytes, count: 3)
        var even = InternetChecksum()
        even.add(&bytes, count: 4)
        #expect(odd.value == even.value)
    }

    @Test("the Internet checksum of bytes of any length and alignment is the sum of its words")
    func lengths() {
        let bytes = (0..<200).map { UInt8(truncatingIfNeeded: 0xff &- $0 &* 37) }
        for start in 0..<5 {
            for count in 0...(bytes.count - start) {
                var sum = InternetChecksum()
                bytes.withUnsafeBufferPointer { buffer in
                    guard let base = buffer.baseAddress else { return }
                    sum.add(base + start, count: count)
                }
                #expect(sum.value == Packets.checksum(Array(bytes[start..<start + count])))
            }
        }
    }
}
