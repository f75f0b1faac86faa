#define _GNU_SOURCE
#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

// Waiting

int clinux_epoll_create(void) { return result(epoll_create1(EPOLL_CLOEXEC)); }

int clinux_epoll_add(int epoll, int fd, uint64_t tag) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = tag};
    return result(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

int clinux_epoll_remove(int epoll, int fd) {
    return result(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL));
}

int clinux_epoll_wait(int epoll, uint64_t *tags, unsigned count, int64_t nanoseconds) {
    struct epoll_event events[CLINUX_MAX_MESSAGES];
    if (count > CLINUX_MAX_MESSAGES) count = CLINUX_MAX_MESSAGES;
    struct timespec timeout = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    int ready = epoll_pwait2(epoll, events, (int)count, nanoseconds < 0 ? NULL : &timeout, NULL);
    if (ready < 0 && errno == ENOSYS) {
        // Before Linux 5.11: whole milliseconds, rounded up so that a deadline is past on return.
        int64_t milliseconds = (nanoseconds + 999999) / 1000000;
        if (milliseconds > 1000000) milliseconds = 1000000;
        ready = epoll_wait(epoll, events, (int)count, nanoseconds < 0 ? -1 : (int)milliseconds);
    }
    if (ready < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < ready; i++) tags[i] = events[i].data.u64;
    return ready;
}

int clinux_eventfd(void) { return result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

int clinux_eventfd_signal(int fd) { return result(eventfd_write(fd, 1)); }

int clinux_eventfd_clear(int fd) {
    eventfd_t count;
    return result(eventfd_read(fd, &count));
}

// Time and chance

static int read_clock(clockid_t clock, uint64_t *nanoseconds) {
    struct timespec time;
    if (clock_gettime(clock, &time) < 0) return -errno;
    *nanoseconds = (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
    return 0;
}

int clinux_boot_time(uint64_t *nanoseconds) { return read_clock(CLOCK_BOOTTIME, nanoseconds); }

int clinux_wall_time(uint64_t *nanoseconds) { return read_clock(CLOCK_REALTIME, nanoseconds); }

int clinux_thread_time(uint64_t *nanoseconds) {
    return read_clock(CLOCK_THREAD_CPUTIME_ID, nanoseconds);
}

int clinux_random(void *bytes, size_t count) {
    while (count > 0) {
        ssize_t filled = getrandom(bytes, count, 0);
        if (filled < 0 && errno != EINTR) return -errno;
        if (filled < 0) continue;
        bytes = (char *)bytes + filled;
        count -= (size_t)filled;
    }
    return 0;
}

// Threads

int clinux_name_thread(const char *name) {
    char short_name[16] = {0};
    for (int i = 0; i < 15 && name[i]; i++) short_name[i] = name[i];
    return -pthread_setname_np(pthread_self(), short_name);
}

int clinux_pin_thread(unsigned processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    return -pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

int clinux_allowed_processor_count(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) < 0) return -errno;
    return CPU_COUNT(&set);
}

int clinux_allowed_processor(unsigned number) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) < 0) return -errno;
    for (int processor = 0; processor < CPU_SETSIZE; processor++) {
        if (CPU_ISSET(processor, &set) && number-- == 0) return processor;
    }
    return -EINVAL;
}

void clinux_yield(void) { sched_yield(); }

int clinux_block_signals(void) {
    sigset_t all;
    sigfillset(&all);
    return -pthread_sigmask(SIG_SETMASK, &all, NULL);
}

void clinux_trim_memory(void) { malloc_trim(0); }
