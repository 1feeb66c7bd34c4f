/*
 * Finds out which limit of the operating system made a system call fail. See limits.c.
 */
#ifndef LADE_SRC_BASE_LIMITS_H
#define LADE_SRC_BASE_LIMITS_H

#include <lade/base.h>
#include <stdbool.h>

/*
 * lade__limit_of_memory()  - explains why mmap() or mprotect() has failed with @error for @bytes bytes.
 * lade__limit_of_threads() - explains why pthread_create() has failed with @error for a stack of @bytes bytes.
 *
 * Both functions store the status and a message in @err and return the status. The message contains the formatted text,
 * the limit that was reached, and advice for the user. The status is LADE_ELIMIT if the limit is a number of mappings
 * or threads. The status is LADE_ENOMEM if the limit is an amount of memory. The functions allocate no memory. LADE_API
 * exports them for the other libraries of lade.
 */
LADE_API int lade__limit_of_memory(struct lade_error *err, size_t bytes, int error, const char *fmt, ...)
    LADE_PRINTF(4, 5);
LADE_API int lade__limit_of_threads(struct lade_error *err, size_t bytes, int error, const char *fmt, ...)
    LADE_PRINTF(4, 5);

/* Returns true if vm.overcommit_memory is 2. In this mode, the kernel counts writable memory as used when a process
   maps the memory. In the other modes, the memory counts as used after the process has written to it. */
bool lade__overcommit_is_off(void);

#endif
