#define _GNU_SOURCE
#include "CIPsecMB.h"

#if defined(__x86_64__) && __has_include(<intel-ipsec-mb.h>)

#include <cpuid.h>
#include <dlfcn.h>
#include <intel-ipsec-mb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

// The functions that are called by name. All others are called through the library's state.
static IMB_MGR *(*allocate)(uint64_t flags);
static void (*release)(IMB_MGR *);
static void (*prepare)(IMB_MGR *, IMB_ARCH *);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_end;
static unsigned version;
static atomic_ulong failures;

// A state serves one thread at a time.
static __thread IMB_MGR *own;

// The processor's features, and of the kernel that it saves what they need: the library looks at the
// processor only, whose registers would be those of other threads where the kernel does not save them.
static bool has_avx512_ifma(void) {
    unsigned a, b, c, d;
    const unsigned os_saves = 1 << 27, ifma = 1 << 21, foundation = 1 << 16;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & os_saves)) return false;
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    // XCR0: SSE, AVX, the mask registers, and both halves of AVX-512's own.
    const unsigned saved = 0xe6;
    if ((low & saved) != saved) return false;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
    return (b & ifma) && (b & foundation);
}

static IMB_MGR *make(void) {
    IMB_MGR *state = allocate(0);
    if (!state) return NULL;
    prepare(state, NULL);
    if (state->get_next_job && state->submit_job_nocheck) return state;
    release(state);
    return NULL;
}

// Later destructors of this thread may seal, too: they get another state.
static void forget(void *state) {
    own = NULL;
    release(state);
}

static IMB_MGR *make_own(void) {
    IMB_MGR *state = make();
    if (!state) return NULL;
    // Without it the state would outlive its thread.
    if (pthread_setspecific(at_end, state) != 0) {
        release(state);
        return NULL;
    }
    own = state;
    return state;
}

static bool is_usable(void *library, unsigned *found) {
    unsigned (*get_version)(void) = dlsym(library, "imb_get_version");
    allocate = dlsym(library, "alloc_mb_mgr");
    release = dlsym(library, "free_mb_mgr");
    prepare = dlsym(library, "init_mb_mgr_auto");
    if (!get_version || !allocate || !release || !prepare) return false;
    // The state's layout is that of the header's minor version.
    *found = get_version();
    if (*found >> 8 != IMB_VERSION_NUM >> 8) return false;
    IMB_MGR *state = make();
    if (!state) return false;
    bool is_fast = state->features & IMB_FEATURE_AVX512_IFMA;
    release(state);
    return is_fast;
}

static void load(void) {
    if (!has_avx512_ifma()) return;
    void *library = dlopen("libIPSec_MB.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    unsigned found = 0;
    if (!is_usable(library, &found) || pthread_key_create(&at_end, forget) != 0) {
        dlclose(library);
        return;
    }
    version = (found >> 16) * 10000 + (found >> 8 & 0xff) * 100 + (found & 0xff);
}

unsigned cipsecmb_load(void) {
    pthread_once(&once, load);
    return version;
}

unsigned long cipsecmb_failures(void) {
    return atomic_load_explicit(&failures, memory_order_relaxed);
}

enum outcome { DONE, UNTOUCHED, FAILED };

// Each job is done when it is submitted. One that is not has failed: its bytes may be as they were, or
// changed in part, or be changed later; so the library gets no other.
static enum outcome run(const uint8_t *key, uint8_t *bytes, size_t count, const uint8_t *nonce,
                        uint8_t *tag, bool seals) {
    if (atomic_load_explicit(&failures, memory_order_relaxed)) return UNTOUCHED;
    IMB_MGR *state = own ? own : make_own();
    if (!state) return UNTOUCHED;
    IMB_JOB *job = IMB_GET_NEXT_JOB(state);
    if (!job) return UNTOUCHED;
    job->cipher_mode = IMB_CIPHER_CHACHA20_POLY1305;
    job->hash_alg = IMB_AUTH_CHACHA20_POLY1305;
    job->cipher_direction = seals ? IMB_DIR_ENCRYPT : IMB_DIR_DECRYPT;
    job->chain_order = seals ? IMB_ORDER_CIPHER_HASH : IMB_ORDER_HASH_CIPHER;
    job->enc_keys = key;
    job->dec_keys = key;
    job->key_len_in_bytes = CIPSECMB_KEY;
    job->u.CHACHA20_POLY1305.aad = nonce;
    job->u.CHACHA20_POLY1305.aad_len_in_bytes = 0;
    job->src = bytes;
    job->dst = bytes;
    job->iv = nonce;
    job->iv_len_in_bytes = CIPSECMB_NONCE;
    job->cipher_start_src_offset_in_bytes = 0;
    job->hash_start_src_offset_in_bytes = 0;
    job->msg_len_to_cipher_in_bytes = count;
    job->msg_len_to_hash_in_bytes = count;
    job->auth_tag_output = tag;
    job->auth_tag_output_len_in_bytes = CIPSECMB_TAG;
    IMB_JOB *finished = IMB_SUBMIT_JOB_NOCHECK(state);
    if (finished == job && job->status == IMB_STATUS_COMPLETED) return DONE;
    atomic_fetch_add_explicit(&failures, 1, memory_order_relaxed);
    return FAILED;
}

int cipsecmb_seal(const uint8_t *key, uint8_t *bytes, size_t count, const uint8_t *nonce) {
    switch (run(key, bytes, count, nonce, bytes + count, true)) {
    case DONE: return 1;
    case UNTOUCHED: return -1;
    case FAILED: break;
    }
    memset(bytes, 0, count + CIPSECMB_TAG);
    return 0;
}

int cipsecmb_open(const uint8_t *key, uint8_t *bytes, size_t count, const uint8_t *nonce) {
    uint8_t tag[CIPSECMB_TAG] = {0};
    enum outcome outcome = run(key, bytes, count, nonce, tag, false);
    if (outcome == UNTOUCHED) return -1;
    // The bytes are open already. In constant time: how many bytes of a forged tag are right stays untold.
    uint64_t made[2], came[2];
    memcpy(made, tag, sizeof made);
    memcpy(came, bytes + count, sizeof came);
    volatile uint64_t difference = (made[0] ^ came[0]) | (made[1] ^ came[1]);
    if (outcome == DONE && difference == 0) return 1;
    memset(bytes, 0, count);
    // It would make the forgery a true one.
    explicit_bzero(made, sizeof made);
    explicit_bzero(tag, sizeof tag);
    return 0;
}

#else

unsigned cipsecmb_load(void) { return 0; }

unsigned long cipsecmb_failures(void) { return 0; }

int cipsecmb_seal(const uint8_t *key, uint8_t *bytes, size_t count, const uint8_t *nonce) {
    (void)key, (void)bytes, (void)count, (void)nonce;
    return -1;
}

int cipsecmb_open(const uint8_t *key, uint8_t *bytes, size_t count, const uint8_t *nonce) {
    (void)key, (void)bytes, (void)count, (void)nonce;
    return -1;
}

#endif
