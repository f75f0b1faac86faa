#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

// Several times as many as any kernel has.
enum { MAX_FEATURES = 256 };

static int ask(int fd, const char *interface, void *question) {
    struct ifreq request = {.ifr_data = question};
    strncpy(request.ifr_name, interface, sizeof request.ifr_name - 1);
    return result(ioctl(fd, SIOCETHTOOL, &request));
}

static int count_features(int fd, const char *interface) {
    union {
        struct ethtool_sset_info info;
        char room[sizeof(struct ethtool_sset_info) + sizeof(__u32)];
    } sizes = {.info = {.cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ULL << ETH_SS_FEATURES}};
    int status = ask(fd, interface, &sizes);
    if (status < 0) return status;
    if (sizes.info.sset_mask == 0) return -EOPNOTSUPP;
    __u32 count;
    memcpy(&count, sizes.info.data, sizeof count);
    return count <= MAX_FEATURES ? (int)count : -EOPNOTSUPP;
}

// The place of a feature in the kernel's list, which differs from version to version.
static int place_of(int fd, const char *interface, const char *feature, int count) {
    union {
        struct ethtool_gstrings list;
        char room[sizeof(struct ethtool_gstrings) + MAX_FEATURES * ETH_GSTRING_LEN];
    } names = {.list = {ETHTOOL_GSTRINGS, ETH_SS_FEATURES, (__u32)count}};
    int status = ask(fd, interface, &names);
    if (status < 0) return status;
    for (int i = 0; i < count; i++) {
        const char *name = (const char *)names.list.data + i * ETH_GSTRING_LEN;
        if (strncmp(name, feature, ETH_GSTRING_LEN) == 0) return i;
    }
    return -EOPNOTSUPP;
}

int clinux_has_feature(const char *interface, const char *feature) {
    int fd = result(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (fd < 0) return fd;
    int status = count_features(fd, interface);
    int count = status;
    if (status >= 0) status = place_of(fd, interface, feature, count);
    int place = status;
    union {
        struct ethtool_gfeatures list;
        char room[sizeof(struct ethtool_gfeatures) +
                  MAX_FEATURES / 32 * sizeof(struct ethtool_get_features_block)];
    } features = {.list = {ETHTOOL_GFEATURES, (__u32)(count + 31) / 32}};
    if (status >= 0) status = ask(fd, interface, &features);
    close(fd);
    return status < 0 ? status : features.list.features[place / 32].active >> place % 32 & 1;
}
