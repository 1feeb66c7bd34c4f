/*
 * lade/short.h - defines the macros of gen.h without the prefix lade_, as in Python. Include this header after all
 * other headers, and only in files that use the short names. All of them are macros with arguments, so other uses of
 * the same names, such as `p->next`, do not change. No short name is the name of a function of the C library or POSIX.
 * For example, lade_gen_send() has the short name gen_send, because send() is a function of POSIX.
 *
 * In C++ this header defines nothing, because std::next and other functions have the same names. Use <lade/short.hpp>.
 */
#ifndef LADE_SHORT_H
#define LADE_SHORT_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/gen.h>

#ifndef __cplusplus

#define generator(...)               lade_generator(__VA_ARGS__)
#define generator_static(...)        lade_generator_static(__VA_ARGS__)
#define generator_over(...)          lade_generator_over(__VA_ARGS__)
#define generator_over_static(...)   lade_generator_over_static(__VA_ARGS__)
#define generator_over_2(...)        lade_generator_over_2(__VA_ARGS__)
#define generator_over_2_static(...) lade_generator_over_2_static(__VA_ARGS__)
#define generator_decl(...)          lade_generator_decl(__VA_ARGS__)
#define gen(...)                     lade_gen(__VA_ARGS__)
#define gen_owned(...)               lade_gen_owned(__VA_ARGS__)
#define gen_auto(...)                lade_gen_auto(__VA_ARGS__)
#define gen_move(...)                lade_gen_move(__VA_ARGS__)
#define yield(...)                   lade_yield(__VA_ARGS__)
#define try_yield(...)               lade_try_yield(__VA_ARGS__)
#define yield_from(...)              lade_yield_from(__VA_ARGS__)
#define next(...)                    lade_next(__VA_ARGS__)
#define for_each(...)                lade_for_each (__VA_ARGS__)
#define gen_send(...)                lade_gen_send(__VA_ARGS__)
#define gen_throw(...)               lade_gen_throw(__VA_ARGS__)
#define gen_close(...)               lade_gen_close(__VA_ARGS__)
#define gen_free(...)                lade_gen_free(__VA_ARGS__)
#define gen_return(...)              lade_gen_return(__VA_ARGS__)
#define gen_result(...)              lade_gen_result(__VA_ARGS__)
#define gen_error(...)               lade_gen_error(__VA_ARGS__)
#define gen_state(...)               lade_gen_state(__VA_ARGS__)
#define gen_delegate(...)            lade_gen_delegate(__VA_ARGS__)
#define gen_name(...)                lade_gen_name(__VA_ARGS__)
#define gen_stack(...)               lade_gen_stack(__VA_ARGS__)
#define fail(...)                    lade_fail(__VA_ARGS__)
#define fail_status(...)             lade_fail_status(__VA_ARGS__)
#define fail_with(...)               lade_fail_with(__VA_ARGS__)

/* auto_cleanup(f) - lade_cleanup(f). The name `cleanup` is already the name of the compiler's attribute. */
#define auto_cleanup(...) lade_cleanup(__VA_ARGS__)
/* The function lade_freep(). */
#define freep lade_freep

#endif
#endif
