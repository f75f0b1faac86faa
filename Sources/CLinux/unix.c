#define _GNU_SOURCE
#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int name_socket(struct sockaddr_un *name, const char *path) {
    *name = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof name->sun_path) return -ENAMETOOLONG;
    strcpy(name->sun_path, path);
    return 0;
}

static int set_timeouts(int fd, int seconds) {
    struct timeval timeout = {.tv_sec = seconds};
    int status = setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    if (status == 0) status = setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    return result(status);
}

// Closes what cannot be used.
static int usable(int fd, int status) {
    if (status >= 0) return fd;
    close(fd);
    return status;
}

int clinux_unix_listen(const char *path) {
    struct sockaddr_un name;
    int status = name_socket(&name, path);
    if (status < 0) return status;
    int fd = result(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd < 0) return fd;
    unlink(path);
    // The mode of a socket file is that of its descriptor before it is bound.
    status = result(fchmod(fd, 0600));
    if (status == 0) status = result(bind(fd, (struct sockaddr *)&name, sizeof name));
    if (status == 0) status = result(listen(fd, 4));
    return usable(fd, status);
}

int clinux_unix_accept(int fd, int timeout_seconds, unsigned *user) {
    int connection = result(accept4(fd, NULL, NULL, SOCK_CLOEXEC));
    if (connection < 0) return connection;
    struct ucred peer;
    socklen_t length = sizeof peer;
    int status = result(getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &length));
    if (status == 0) *user = peer.uid;
    if (status == 0) status = set_timeouts(connection, timeout_seconds);
    return usable(connection, status);
}

int clinux_unix_connect(const char *path, int timeout_seconds) {
    struct sockaddr_un name;
    int status = name_socket(&name, path);
    if (status < 0) return status;
    int fd = result(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (fd < 0) return fd;
    status = set_timeouts(fd, timeout_seconds);
    if (status == 0) status = result(connect(fd, (struct sockaddr *)&name, sizeof name));
    return usable(fd, status);
}
