// Preloaded into the release binary: counts every allocation and every retain and release of its
// threads, in a file that the test maps as well. HotPathTests compiles it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct counts {
    atomic_long allocations;
    atomic_long retains;
    atomic_long releases;
};

static struct counts before_start;
static struct counts *counts = &before_start;

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("WGW_TEST_COUNTS");
    int fd = path ? open(path, O_RDWR) : -1;
    if (fd < 0) return;
    void *shared = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (shared != MAP_FAILED) counts = shared;
}

static void note(atomic_long *count) { atomic_fetch_add_explicit(count, 1, memory_order_relaxed); }

// Glibc's own, under the names that it keeps for such a purpose.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
    note(&counts->allocations);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    note(&counts->allocations);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    note(&counts->allocations);
    return __libc_realloc(old, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    note(&counts->allocations);
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : 12;
}

#define FORWARD(name, kind, result, parameters, arguments)       \
    result name parameters {                                     \
        static result(*next) parameters;                         \
        if (!next) next = dlsym(RTLD_NEXT, #name);               \
        note(&counts->kind);                                     \
        return next arguments;                                   \
    }

FORWARD(swift_retain, retains, void *, (void *object), (object))
FORWARD(swift_retain_n, retains, void *, (void *object, unsigned n), (object, n))
FORWARD(swift_bridgeObjectRetain, retains, void *, (void *object), (object))
FORWARD(swift_unknownObjectRetain, retains, void *, (void *object), (object))
FORWARD(swift_release, releases, void, (void *object), (object))
FORWARD(swift_release_n, releases, void, (void *object, unsigned n), (object, n))
FORWARD(swift_bridgeObjectRelease, releases, void, (void *object), (object))
FORWARD(swift_unknownObjectRelease, releases, void, (void *object), (object))
