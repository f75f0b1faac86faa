#include "CBoringSSLAEAD.h"
