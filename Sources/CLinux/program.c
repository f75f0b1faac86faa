// Running another program.
#define _GNU_SOURCE
#include "CLinux.h"
#include "result.h"

#include <spawn.h>
#include <sys/mman.h>

int clinux_memory_file(void) { return result(memfd_create("wgw", MFD_CLOEXEC)); }

int clinux_spawn_closing_from(void *actions, int fd) {
    return -posix_spawn_file_actions_addclosefrom_np(actions, fd);
}
