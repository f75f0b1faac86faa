// Counts what one thread allocates, by standing in for malloc in the program of the tests.
#pragma once

#include <stdbool.h>

// False in a build with a sanitizer, which brings its own malloc.
bool allocation_count_works(void);
// Counts the calling thread's allocations from now on.
void allocation_count_start(void);
// Ends it, on the same thread.
long allocation_count_stop(void);
