#define _GNU_SOURCE
#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int set_option(int fd, int level, int name, int value) {
    return result(setsockopt(fd, level, name, &value, sizeof value));
}

// Addresses

static struct in6_addr to_in6(struct clinux_address address) {
    struct in6_addr out;
    uint64_t words[2] = {__builtin_bswap64(address.high), __builtin_bswap64(address.low)};
    memcpy(&out, words, sizeof out);
    return out;
}

static struct clinux_address from_in6(struct in6_addr in) {
    uint64_t words[2];
    memcpy(words, &in, sizeof words);
    return (struct clinux_address){__builtin_bswap64(words[0]), __builtin_bswap64(words[1])};
}

static struct in_addr to_in4(struct clinux_address address) {
    return (struct in_addr){htonl((uint32_t)address.low)};
}

static struct clinux_address from_in4(struct in_addr in) {
    return (struct clinux_address){0, (uint64_t)0xffff << 32 | ntohl(in.s_addr)};
}

static bool is_mapped(struct clinux_address address) {
    return address.high == 0 && address.low >> 32 == 0xffff;
}

union name {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t write_name(union name *name, bool ipv6, struct clinux_address a, uint32_t zone,
                            uint16_t port) {
    memset(name, 0, sizeof *name);
    if (!ipv6 && is_mapped(a)) {
        name->v4.sin_family = AF_INET;
        name->v4.sin_port = htons(port);
        name->v4.sin_addr = to_in4(a);
        return sizeof name->v4;
    }
    name->v6.sin6_family = AF_INET6;
    name->v6.sin6_port = htons(port);
    name->v6.sin6_addr = to_in6(a);
    // Without the zone the kernel refuses to send to, or from, a link-local address.
    name->v6.sin6_scope_id = zone;
    return sizeof name->v6;
}

static void read_name(const union name *name, struct clinux_message *message) {
    bool ipv4 = name->any.sa_family == AF_INET;
    message->remote = ipv4 ? from_in4(name->v4.sin_addr) : from_in6(name->v6.sin6_addr);
    message->remote_port = ntohs(ipv4 ? name->v4.sin_port : name->v6.sin6_port);
    // Zero from the kernel where the address is the same on every interface.
    message->remote_zone = ipv4 ? 0 : name->v6.sin6_scope_id;
}

// UDP sockets

int clinux_udp_open(bool ipv6, bool only_ipv6) {
    int kind = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    int fd = result(socket(ipv6 ? AF_INET6 : AF_INET, kind, IPPROTO_UDP));
    if (fd < 0) return fd;
    int status = ipv6 ? set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, only_ipv6) : 0;
    if (status == 0) {
        status = ipv6 ? set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
                      : set_option(fd, IPPROTO_IP, IP_PKTINFO, 1);
    }
    if (status == 0) return fd;
    close(fd);
    return status;
}

int clinux_udp_bind(int fd, bool ipv6, struct clinux_address address, uint16_t port) {
    union name name;
    socklen_t length = write_name(&name, ipv6, address, 0, port);
    return result(bind(fd, &name.any, length));
}

int clinux_udp_port(int fd) {
    union name name;
    socklen_t length = sizeof name;
    if (getsockname(fd, &name.any, &length) < 0) return -errno;
    return ntohs(name.any.sa_family == AF_INET ? name.v4.sin_port : name.v6.sin6_port);
}

int clinux_udp_allow_fragments(int fd) {
    return set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
}

int clinux_udp_set_buffers(int fd, int bytes) {
    int status = set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes);
    if (status < 0) status = set_option(fd, SOL_SOCKET, SO_RCVBUF, bytes);
    if (status < 0) return status;
    status = set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, bytes);
    return status < 0 ? set_option(fd, SOL_SOCKET, SO_SNDBUF, bytes) : status;
}

int clinux_udp_enable_gro(int fd) { return set_option(fd, IPPROTO_UDP, UDP_GRO, 1); }

int clinux_udp_count_overflows(int fd) { return set_option(fd, SOL_SOCKET, SO_RXQ_OVFL, 1); }

int clinux_udp_probe_segmentation(int fd) { return set_option(fd, IPPROTO_UDP, UDP_SEGMENT, 0); }

int clinux_udp_share_port(int fd) { return set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1); }

int clinux_set_mark(int fd, unsigned mark) {
    return set_option(fd, SOL_SOCKET, SO_MARK, (int)mark);
}

int clinux_udp_steer_transport(int fd, unsigned shards) {
    // Offsets count from the UDP payload. What is too short to be read goes to socket 0 as well.
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 4, 0, 4),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 4),
        BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, shards),
        BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1),
        BPF_STMT(BPF_RET | BPF_A, 0),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog filter = {sizeof program / sizeof *program, program};
    return result(setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &filter, sizeof filter));
}

// Room for a source address of either family, a segment size and a count, aligned for cmsghdr.
union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(struct in_pktinfo)) +
               CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(uint32_t))];
};

static void read_control(struct msghdr *header, struct clinux_message *message) {
    message->has_local = false;
    message->segment_size = 0;
    message->overflows = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
            int size;
            memcpy(&size, CMSG_DATA(c), sizeof size);
            message->segment_size = (uint16_t)size;
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
            memcpy(&message->overflows, CMSG_DATA(c), sizeof message->overflows);
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo information;
            memcpy(&information, CMSG_DATA(c), sizeof information);
            message->local = from_in6(information.ipi6_addr);
            message->has_local = true;
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo information;
            memcpy(&information, CMSG_DATA(c), sizeof information);
            message->local = from_in4(information.ipi_spec_dst);
            message->has_local = true;
        }
    }
}

int clinux_receive(int fd, struct clinux_message *messages, unsigned count) {
    struct mmsghdr headers[CLINUX_MAX_MESSAGES];
    union name names[CLINUX_MAX_MESSAGES];
    union control controls[CLINUX_MAX_MESSAGES];
    if (count > CLINUX_MAX_MESSAGES) count = CLINUX_MAX_MESSAGES;
    for (unsigned i = 0; i < count; i++) {
        headers[i].msg_hdr = (struct msghdr){
            .msg_name = &names[i],
            .msg_namelen = sizeof names[i],
            .msg_iov = messages[i].slices,
            .msg_iovlen = messages[i].slice_count,
            .msg_control = &controls[i],
            .msg_controllen = sizeof controls[i],
        };
    }
    int received = result(recvmmsg(fd, headers, count, MSG_DONTWAIT, NULL));
    for (int i = 0; i < received; i++) {
        read_name(&names[i], &messages[i]);
        read_control(&headers[i].msg_hdr, &messages[i]);
        messages[i].length = headers[i].msg_len;
        messages[i].truncated = headers[i].msg_hdr.msg_flags & MSG_TRUNC;
    }
    return received;
}

static char *add_control(char *at, int level, int type, const void *value, size_t size) {
    struct cmsghdr *c = (struct cmsghdr *)at;
    *c = (struct cmsghdr){.cmsg_len = CMSG_LEN(size), .cmsg_level = level, .cmsg_type = type};
    memcpy(CMSG_DATA(c), value, size);
    return at + CMSG_SPACE(size);
}

static size_t write_control(char *start, bool ipv6, const struct clinux_message *message) {
    char *end = start;
    if (message->has_local && ipv6) {
        struct in6_pktinfo source = {.ipi6_addr = to_in6(message->local)};
        end = add_control(end, IPPROTO_IPV6, IPV6_PKTINFO, &source, sizeof source);
    } else if (message->has_local) {
        struct in_pktinfo source = {.ipi_spec_dst = to_in4(message->local)};
        end = add_control(end, IPPROTO_IP, IP_PKTINFO, &source, sizeof source);
    }
    if (message->segment_size > 0) {
        uint16_t size = message->segment_size;
        end = add_control(end, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size);
    }
    return (size_t)(end - start);
}

int clinux_send(int fd, bool ipv6, const struct clinux_message *messages, unsigned count) {
    struct mmsghdr headers[CLINUX_MAX_MESSAGES];
    union name names[CLINUX_MAX_MESSAGES];
    union control controls[CLINUX_MAX_MESSAGES];
    if (count > CLINUX_MAX_MESSAGES) count = CLINUX_MAX_MESSAGES;
    for (unsigned i = 0; i < count; i++) {
        const struct clinux_message *message = &messages[i];
        headers[i].msg_hdr = (struct msghdr){
            .msg_name = &names[i],
            .msg_namelen = write_name(&names[i], ipv6, message->remote, message->remote_zone,
                                      message->remote_port),
            .msg_iov = message->slices,
            .msg_iovlen = message->slice_count,
            .msg_control = &controls[i],
            .msg_controllen = write_control(controls[i].bytes, ipv6, message),
        };
    }
    return result(sendmmsg(fd, headers, count, MSG_DONTWAIT | MSG_NOSIGNAL));
}

static int wait_for(int fd, short events, int milliseconds) {
    struct pollfd waited = {.fd = fd, .events = events};
    return result(poll(&waited, 1, milliseconds));
}

int clinux_wait_writable(int fd, int milliseconds) { return wait_for(fd, POLLOUT, milliseconds); }

int clinux_wait_readable(int fd, int milliseconds) { return wait_for(fd, POLLIN, milliseconds); }
