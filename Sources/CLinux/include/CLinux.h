// Linux calls that Swift's Glibc module does not offer. No state, no allocation.
// Unless said otherwise a function returns zero or more, or -errno.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

// In host order. An IPv4 address is IPv4-mapped: high 0, low 0x0000ffff'aabbccdd.
struct clinux_address {
    uint64_t high;
    uint64_t low;
};

// A datagram, or a run of datagrams of one size whose last may be shorter (UDP_GRO, UDP_SEGMENT).
struct clinux_message {
    struct iovec *slices;
    size_t slice_count;
    struct clinux_address remote;
    // Our own address of this exchange; meaningful when has_local is set.
    struct clinux_address local;
    // The interface of a link-local remote address; zero for all others.
    uint32_t remote_zone;
    uint16_t remote_port;
    // Zero when the message is one datagram.
    uint16_t segment_size;
    bool has_local;
    // Received only: the datagram was larger than its slices.
    bool truncated;
    // Received only.
    uint32_t length;
    // Received only: how many datagrams the socket had dropped for lack of room when this one came. Counted in
    // 32 bits; zero as long as there are none.
    uint32_t overflows;
};

enum { CLINUX_MAX_MESSAGES = 64 };

// A non-blocking UDP socket with packet information on. An IPv6 socket talks IPv4, too, unless
// only_ipv6 is set.
int clinux_udp_open(bool ipv6, bool only_ipv6);
int clinux_udp_bind(int fd, bool ipv6, struct clinux_address address, uint16_t port);
// The port that the socket is bound to.
int clinux_udp_port(int fd);
// Outer packets may be fragmented on their way: IPv4's "don't fragment" is left off.
int clinux_udp_allow_fragments(int fd);
// Both buffers. Beyond the system's limit (net.core.rmem_max, wmem_max) with CAP_NET_ADMIN only; up
// to that limit without.
int clinux_udp_set_buffers(int fd, int bytes);
int clinux_udp_enable_gro(int fd);
// Received messages tell how many were dropped (SO_RXQ_OVFL).
int clinux_udp_count_overflows(int fd);
// Other sockets may bind the same port; the kernel then spreads what arrives over all of them.
int clinux_udp_share_port(int fd);
// Steers what arrives to the sockets of the port, in the order in which they were bound: WireGuard
// transport messages by their receiver index to socket 1 + (first index byte % shards), all else to
// socket 0.
int clinux_udp_steer_transport(int fd, unsigned shards);
// Zero when the kernel knows UDP_SEGMENT.
int clinux_udp_probe_segmentation(int fd);

// At most CLINUX_MAX_MESSAGES; how many messages were moved. Never blocks.
int clinux_receive(int fd, struct clinux_message *messages, unsigned count);
int clinux_send(int fd, bool ipv6, const struct clinux_message *messages, unsigned count);
// Waits until the socket takes more, at most `milliseconds`. One when it does, zero when not.
int clinux_wait_writable(int fd, int milliseconds);
int clinux_wait_readable(int fd, int milliseconds);

int clinux_epoll_create(void);
int clinux_epoll_add(int epoll, int fd, uint64_t tag);
int clinux_epoll_remove(int epoll, int fd);
// The tags of what is readable, at most CLINUX_MAX_MESSAGES of them. Negative nanoseconds wait
// for ever. Zero when the time is over or a signal came. Before Linux 5.11 the time is rounded up to
// milliseconds.
int clinux_epoll_wait(int epoll, uint64_t *tags, unsigned count, int64_t nanoseconds);

int clinux_eventfd(void);
int clinux_eventfd_signal(int fd);
int clinux_eventfd_clear(int fd);

int clinux_boot_time(uint64_t *nanoseconds);
int clinux_wall_time(uint64_t *nanoseconds);
// What the calling thread has used of its processor.
int clinux_thread_time(uint64_t *nanoseconds);
int clinux_random(void *bytes, size_t count);

// The calling thread's name, cut at 15 characters, and the one processor that it may use.
int clinux_name_thread(const char *name);
int clinux_pin_thread(unsigned processor);
// The processor of this number among those that the calling thread may use.
int clinux_allowed_processor(unsigned number);
int clinux_allowed_processor_count(void);
// Lets other threads run; for waits of microseconds.
void clinux_yield(void);
// No signal is delivered to the calling thread, nor to those that it starts.
int clinux_block_signals(void);

// Returns freed memory to the system.
void clinux_trim_memory(void);

// A listening stream socket at a path, of mode 0600. A file at that path is removed before.
int clinux_unix_listen(const char *path);
// The next connection, with both timeouts set; user is the user id of the connecting process.
int clinux_unix_accept(int fd, int timeout_seconds, unsigned *user);
int clinux_unix_connect(const char *path, int timeout_seconds);

// A file without a name in memory.
int clinux_memory_file(void);
// Adds to a posix_spawn_file_actions_t that the child inherits no descriptor from this one on.
int clinux_spawn_closing_from(void *actions, int fd);

enum {
    // The bytes of a struct virtio_net_hdr, which stands before every packet of a TUN device of ours.
    CLINUX_TUN_HEADER = 10,
    // With the zero at its end.
    CLINUX_INTERFACE_NAME = 16,
};

// A non-blocking queue of the TUN device of that name, which is made where it does not exist and is gone
// when its last queue is closed. In a name with %d that becomes the first free number. The name that
// the device has is written to `actual`, of CLINUX_INTERFACE_NAME bytes.
int clinux_tun_open(const char *name, char *actual);
// What the kernel may hand over in one piece, of all queues of the device: TCP segments and their checksums
// undone, and UDP datagrams of one size (since Linux 6.2).
int clinux_tun_set_offloads(int fd, bool tcp, bool udp);
// A queue that is detached gets no packets until it is attached again.
int clinux_tun_attach(int fd, bool attached);
// One packet behind its header.
int clinux_read(int fd, void *bytes, size_t count);
int clinux_write_slices(int fd, const struct iovec *slices, unsigned count);

// Interfaces

// Whether an interface has one of the features that `ethtool -k` lists switched on.
int clinux_has_feature(const char *interface, const char *feature);

// A socket to the kernel's routing (rtnetlink).
int clinux_netlink_open(void);
// A socket that hears what the kernel tells of itself, without waiting: of NETLINK_ROUTE or
// NETLINK_NETFILTER, and of these groups, whose first is the lowest bit.
int clinux_netlink_listen(int subject, unsigned groups);
int clinux_netlink_send(int fd, const void *bytes, size_t count);
// What the kernel sent, whole; zero for what another process sent.
int clinux_netlink_receive(int fd, void *bytes, size_t count);

// What the socket sends carries this mark, which rules of routing may ask for. Needs CAP_NET_ADMIN.
int clinux_set_mark(int fd, unsigned mark);
