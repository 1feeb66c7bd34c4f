/*
 * Defines requests to valgrind. If valgrind's headers are not installed, the requests do nothing.
 */
#ifndef LADE_GEN_STACK_VALGRIND_H
#define LADE_GEN_STACK_VALGRIND_H

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef RUNNING_ON_VALGRIND
#define RUNNING_ON_VALGRIND                                 0
#define VALGRIND_STACK_REGISTER(low, high)                  ((void)(low), (void)(high), 0U)
#define VALGRIND_STACK_DEREGISTER(id)                       ((void)(id))
#define VALGRIND_MALLOCLIKE_BLOCK(low, size, redzone, zero) ((void)(low))
#define VALGRIND_FREELIKE_BLOCK(low, redzone)               ((void)(low))
#endif

#endif
