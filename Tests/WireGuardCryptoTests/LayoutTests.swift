import CBoringSSL
import Testing

/// CBoringSSL declares BoringSSL's AEAD context by hand: here the library writes one.
struct LayoutTests {
    @Test("BoringSSL writes the fields of its AEAD context where CBoringSSL declares them")
    func fields() {
        var context = wgw_evp_aead_ctx()
        let key = [UInt8](repeating: 1, count: 32)
        let isReady = wgw_aead_ctx_init(
            &context,
            wgw_aead_chacha20_poly1305(),
            key,
            key.count,
            12,
            nil
        )
        #expect(isReady == 1)
        #expect(context.aead == wgw_aead_chacha20_poly1305())
        #expect(context.tag_len == 12, "the state has another size in the library")
    }

    @Test("BoringSSL writes nothing behind the AEAD context that CBoringSSL declares")
    func end() {
        let size = MemoryLayout<wgw_evp_aead_ctx>.size
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: size + 256,
            alignment: MemoryLayout<wgw_evp_aead_ctx>.alignment
        )
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 0xa5)
        let context = memory.baseAddress?.bindMemory(to: wgw_evp_aead_ctx.self, capacity: 1)
        let key = [UInt8](repeating: 1, count: 32)
        let isReady = wgw_aead_ctx_init(
            context,
            wgw_aead_chacha20_poly1305(),
            key,
            key.count,
            16,
            nil
        )
        #expect(isReady == 1)
        #expect(memory[size...].allSatisfy { $0 == 0xa5 })
    }
}
