#ifndef CZLIB_H
#define CZLIB_H

#include <stddef.h>
#include <stdint.h>

/* How many bytes the gzip form (RFC 1952) of so many bytes has at most. */
size_t wgw_gzip_bound(size_t count);

/* Writes the gzip form of the bytes, and gives its length; 0 where there is not enough room or memory. */
size_t wgw_gzip(const uint8_t *bytes, size_t count, uint8_t *gzip, size_t room);

#endif
