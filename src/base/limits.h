/*
 * Finds the limit of the system that made a system call fail. See limits.c.
 */
#ifndef LADE_SRC_BASE_LIMITS_H
#define LADE_SRC_BASE_LIMITS_H

#include <lade/base.h>

/*
 * lade__limit_of_memory()  - mmap() or mprotect() has failed with @error for @bytes bytes.
 * lade__limit_of_threads() - pthread_create() has failed with @error for a stack of @bytes bytes.
 *
 * Both functions store the status and a message in @err and return the status. The message is the formatted text, the
 * limit that was reached, and what the user can do. The status is LADE_ELIMIT for the number of mappings or threads, and
 * LADE_ENOMEM for memory. They allocate nothing. LADE_API exports them for the other libraries of lade.
 */
LADE_API int lade__limit_of_memory(struct lade_error *err, size_t bytes, int error, const char *fmt, ...)
    LADE_PRINTF(4, 5);
LADE_API int lade__limit_of_threads(struct lade_error *err, size_t bytes, int error, const char *fmt, ...)
    LADE_PRINTF(4, 5);

#endif
