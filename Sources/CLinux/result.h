// What the functions of CLinux return: the value of a system call, or -errno.
#pragma once

#include <errno.h>

static inline int result(int value) { return value < 0 ? -errno : value; }
