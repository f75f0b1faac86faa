#include "CTestOutput.h"

#include <stdio.h>

// A test run that is cut off, or hangs, has then said which test it was in, though its output is a pipe.
__attribute__((constructor)) static void write_line_by_line(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
}
