#include <stdio.h>
#include <stdlib.h>

FILE *guessed(void) {
    char name[] = "/tmp/jobXXXXXX";
    return fopen(mktemp(name), "w"); // expect: insecure-temporary-file
}

FILE *made(void) {
    char name[] = "/tmp/jobXXXXXX";
    int file = mkstemp(name);
    return file < 0 ? NULL : fdopen(file, "w");
}
