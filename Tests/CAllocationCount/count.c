#include "CAllocationCount.h"

#include <errno.h>
#include <stddef.h>

static __thread bool counting;
static __thread long count;

void allocation_count_start(void) {
    count = 0;
    counting = true;
}

long allocation_count_stop(void) {
    counting = false;
    return count;
}

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)

bool allocation_count_works(void) { return false; }

#else

bool allocation_count_works(void) { return true; }

// Glibc's own, under the names that it keeps for such a purpose.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static void note(void) {
    if (counting) count++;
}

void *malloc(size_t size) {
    note();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    note();
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    note();
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    note();
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}

#endif
