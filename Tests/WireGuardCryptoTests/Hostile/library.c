// A libIPSec_MB.so.1 that does wrong what HOSTILE names, on top of the one of this machine.
#include <dlfcn.h>
#include <intel-ipsec-mb.h>
#include <stdlib.h>
#include <string.h>

static int is(const char *fault) {
    const char *named = getenv("HOSTILE");
    return named && strcmp(named, fault) == 0;
}

static void *real(const char *symbol) {
    static void *library;
    if (!library) library = dlopen("/usr/lib/x86_64-linux-gnu/libIPSec_MB.so.1", RTLD_NOW | RTLD_LOCAL);
    return library ? dlsym(library, symbol) : NULL;
}

unsigned imb_get_version(void) {
    unsigned (*inner)(void) = real("imb_get_version");
    return inner() + (is("other version") ? 1 << 8 : 0);
}

IMB_MGR *alloc_mb_mgr(uint64_t flags) {
    IMB_MGR *(*inner)(uint64_t) = real("alloc_mb_mgr");
    return is("no memory") ? NULL : inner(flags);
}

void free_mb_mgr(IMB_MGR *state) {
    void (*inner)(IMB_MGR *) = real("free_mb_mgr");
    inner(state);
}

static IMB_JOB *(*submit)(IMB_MGR *);

// The tests switch it on.
int is_failing;

static IMB_JOB *submit_wrongly(IMB_MGR *state) {
    IMB_JOB *job = submit(state);
    if (is("wrong bytes")) ((uint8_t *)job->dst)[0] ^= 1;
    if (is("wrong tag")) ((uint8_t *)job->auth_tag_output)[15] ^= 1;
    if (!is_failing) return job;
    // The work is done, which is the worst moment to say that it is not.
    if (is("error")) job->status = IMB_STATUS_INTERNAL_ERROR;
    return is("later") ? NULL : job;
}

void init_mb_mgr_auto(IMB_MGR *state, IMB_ARCH *arch) {
    void (*inner)(IMB_MGR *, IMB_ARCH *) = real("init_mb_mgr_auto");
    inner(state, arch);
    submit = state->submit_job_nocheck;
    state->submit_job_nocheck = is("no function") ? NULL : submit_wrongly;
    if (is("other processor")) state->features &= ~IMB_FEATURE_AVX512_IFMA;
}
