#ifndef CPORTALFILES_H
#define CPORTALFILES_H

#include <stddef.h>
#include <stdint.h>

struct wgw_portal_file {
    /* From the folder Sources/Portal, with slashes. */
    const char *path;
    const uint8_t *bytes;
    size_t count;
};

/* The files of Sources/Portal/Assets and Sources/Portal/Templates, which stay where they are as long as the
   process runs. */
size_t wgw_portal_file_count(void);
struct wgw_portal_file wgw_portal_file_at(size_t index);

#endif
