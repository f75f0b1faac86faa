#ifndef CBUILDINFO_H
#define CBUILDINFO_H

#include <stdbool.h>

/* The commit that was built, as 40 hexadecimal digits; "-modified" behind it where the sources were not
   those of the commit; or "unknown". */
const char *wgw_commit(void);

/* Whether the commit was looked up by this very build, and not by an earlier one whose reading of
   Package.swift SwiftPM has kept. */
bool wgw_commit_is_current(void);

#endif
