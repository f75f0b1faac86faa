// ChaCha20-Poly1305 of libipsec-mb, which is loaded at run time: a machine without it, and one of another
// architecture, has none.
#ifndef CIPSECMB_H
#define CIPSECMB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CIPSECMB_KEY = 32, CIPSECMB_NONCE = 12, CIPSECMB_TAG = 16 };

// Loads the library. Answers its version, major * 10000 + minor * 100 + patch, or zero where there is
// none that this was compiled for, or where the processor lacks AVX-512 with IFMA, without which the
// library is slower than BoringSSL, or the kernel does not save its registers. From any thread; the
// library stays loaded.
unsigned cipsecmb_load(void);

// How often the library has failed to do what it was asked. After the first time it is not asked again.
unsigned long cipsecmb_failures(void);

// In place; the tag is written behind the bytes. Only after `cipsecmb_load` has answered a version.
// 1 for bytes that are sealed. -1 where the library is not asked any more, or this thread has no memory
// for its state: bytes are as they were. 0 where it has failed: bytes and tag are wiped then, as the
// same keystream on top of what it may have sealed would give the plaintext.
int cipsecmb_seal(const uint8_t *key, uint8_t *bytes, size_t count, const uint8_t *nonce);

// In place; `count` is without the tag, which lies behind. 1 for bytes that are authentic. 0 for others,
// and where the library has failed: the bytes are wiped. -1 as above.
int cipsecmb_open(const uint8_t *key, uint8_t *bytes, size_t count, const uint8_t *nonce);

#endif
