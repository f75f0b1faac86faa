#define _GNU_SOURCE
#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

// Since Linux 6.2; older headers do not have them.
#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

// TUN devices

int clinux_tun_open(const char *name, char *actual) {
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_MULTI_QUEUE | IFF_VNET_HDR};
    if (strlen(name) >= sizeof request.ifr_name) return -ENAMETOOLONG;
    strcpy(request.ifr_name, name);
    int fd = result(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (fd < 0) return fd;
    int header = CLINUX_TUN_HEADER;
    int status = result(ioctl(fd, TUNSETIFF, &request));
    if (status >= 0) status = result(ioctl(fd, TUNSETVNETHDRSZ, &header));
    if (status < 0) {
        close(fd);
        return status;
    }
    memcpy(actual, request.ifr_name, CLINUX_INTERFACE_NAME);
    return fd;
}

int clinux_tun_set_offloads(int fd, bool tcp, bool udp) {
    unsigned long offloads = 0;
    if (tcp) offloads |= TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;
    if (udp) offloads |= TUN_F_CSUM | TUN_F_USO4 | TUN_F_USO6;
    return result(ioctl(fd, TUNSETOFFLOAD, offloads));
}

int clinux_tun_attach(int fd, bool attached) {
    struct ifreq request = {.ifr_flags = attached ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE};
    return result(ioctl(fd, TUNSETQUEUE, &request));
}

int clinux_read(int fd, void *bytes, size_t count) { return result(read(fd, bytes, count)); }

int clinux_write_slices(int fd, const struct iovec *slices, unsigned count) {
    return result(writev(fd, slices, (int)count));
}

// rtnetlink

int clinux_netlink_open(void) {
    int fd = result(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (fd < 0) return fd;
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    // The kernel answers at once; a time-out only bounds what cannot happen.
    struct timeval timeout = {.tv_sec = 5};
    int one = 1;
    // With it a dump has only what was asked for. Older kernels answer with all of it.
    setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof one);
    int status = result(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout));
    if (status == 0) status = result(connect(fd, (struct sockaddr *)&kernel, sizeof kernel));
    if (status == 0) return fd;
    close(fd);
    return status;
}

int clinux_netlink_listen(int subject, unsigned groups) {
    int fd = result(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, subject));
    if (fd < 0) return fd;
    struct sockaddr_nl own = {.nl_family = AF_NETLINK, .nl_groups = groups};
    int status = result(bind(fd, (struct sockaddr *)&own, sizeof own));
    if (status == 0) return fd;
    close(fd);
    return status;
}

int clinux_netlink_send(int fd, const void *bytes, size_t count) {
    return result((int)send(fd, bytes, count, MSG_NOSIGNAL));
}

int clinux_netlink_receive(int fd, void *bytes, size_t count) {
    struct sockaddr_nl sender;
    socklen_t length = sizeof sender;
    int received =
        result((int)recvfrom(fd, bytes, count, MSG_TRUNC, (struct sockaddr *)&sender, &length));
    if (received > 0 && (size_t)received > count) return -EMSGSIZE;
    // Other processes may write to this socket, too.
    return received > 0 && sender.nl_pid != 0 ? 0 : received;
}
