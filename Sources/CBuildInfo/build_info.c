#include "CBuildInfo.h"

const char *wgw_commit(void) { return WGW_COMMIT; }

bool wgw_commit_is_current(void) { return WGW_COMMIT_IS_CURRENT; }
