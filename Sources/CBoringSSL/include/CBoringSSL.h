// The part of BoringSSL that WireGuardCrypto calls. The code itself is linked into
// every binary that uses swift-crypto; its symbols carry that package's prefix. Declared here
// because swift-crypto does not export the module that holds them.
#ifndef CBORINGSSL_H
#define CBORINGSSL_H

#include <stddef.h>
#include <stdint.h>

typedef struct wgw_evp_aead wgw_evp_aead;

// Layout of BoringSSL's `struct evp_aead_ctx_st`: a context for ChaCha20-Poly1305 holds no pointer
// to memory of its own, so it may be created in place and forgotten after a wipe. LayoutTests holds it
// against the library's: a longer state there would be written past the end of this one.
typedef struct {
    const wgw_evp_aead *aead;
    union {
        uint8_t opaque[560];
        uint64_t alignment;
    } state;
    uint8_t tag_len;
} wgw_evp_aead_ctx;

const wgw_evp_aead *wgw_aead_chacha20_poly1305(void)
    __asm__("CCryptoBoringSSL_EVP_aead_chacha20_poly1305");

// All three answer 1 for success and 0 for failure.
int wgw_aead_ctx_init(wgw_evp_aead_ctx *ctx, const wgw_evp_aead *aead, const uint8_t *key,
                      size_t key_len, size_t tag_len, void *engine)
    __asm__("CCryptoBoringSSL_EVP_AEAD_CTX_init");

int wgw_aead_ctx_seal(const wgw_evp_aead_ctx *ctx, uint8_t *out, size_t *out_len,
                      size_t max_out_len, const uint8_t *nonce, size_t nonce_len,
                      const uint8_t *in, size_t in_len, const uint8_t *ad, size_t ad_len)
    __asm__("CCryptoBoringSSL_EVP_AEAD_CTX_seal");

int wgw_aead_ctx_open(const wgw_evp_aead_ctx *ctx, uint8_t *out, size_t *out_len,
                      size_t max_out_len, const uint8_t *nonce, size_t nonce_len,
                      const uint8_t *in, size_t in_len, const uint8_t *ad, size_t ad_len)
    __asm__("CCryptoBoringSSL_EVP_AEAD_CTX_open");

// X25519 of RFC 7748, all arguments 32 bytes; the scalar is clamped on the way. Answers 0 when the
// product is all zero, as it is for every point of low order.
int wgw_x25519(uint8_t *product, const uint8_t *scalar, const uint8_t *point)
    __asm__("CCryptoBoringSSL_X25519");

// The same with the base point, which has tables of its own and costs a third.
void wgw_x25519_public(uint8_t *product, const uint8_t *scalar)
    __asm__("CCryptoBoringSSL_X25519_public_from_private");

#endif
