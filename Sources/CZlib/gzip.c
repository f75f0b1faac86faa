#include "CZlib.h"

#include <limits.h>
#include <zlib.h>

enum {
    /* The largest window, and 16 more for the header and trailer of gzip instead of those of zlib. */
    GZIP_WINDOW_BITS = 15 + 16,
    /* What deflateInit takes unless told otherwise. */
    MEMORY_LEVEL = 8,
    /* Of the header and the trailer of gzip, which deflateBound without a stream does not count. */
    GZIP_OVERHEAD = 18,
};

size_t wgw_gzip_bound(size_t count) { return compressBound(count) + GZIP_OVERHEAD; }

size_t wgw_gzip(const uint8_t *bytes, size_t count, uint8_t *gzip, size_t room)
{
    if (count > UINT_MAX || room > UINT_MAX)
        return 0;
    z_stream stream = { 0 };
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW_BITS, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    /* zlib does not write there; it is older than const. */
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = gzip;
    stream.avail_out = (uInt)room;
    int result = deflate(&stream, Z_FINISH);
    size_t written = stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END ? written : 0;
}
