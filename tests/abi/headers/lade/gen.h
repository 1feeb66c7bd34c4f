#ifndef LADE_GEN_H
#define LADE_GEN_H
#pragma GCC system_header
#include <lade/base.h>
#include <lade/detail/gen_consume.h>
#include <lade/detail/gen_define.h>
#ifdef __cplusplus
extern "C" {
#endif
#define lade_gen(T)       __typeof__(__typeof__(T) *(*const *)(struct lade_brand *))
#define lade_gen_owned(T) __typeof__(__typeof__(T) *(**)(struct lade_brand *))
#define lade_gen_auto(T)  lade_cleanup(lade__gen_auto_end) lade_gen(T)
#define lade_gen_move(g)  ((__typeof__(lade__item(g) * (**)(struct lade_brand *)))lade__gen_move(lade__variable(g)))
#define lade_generator(...)        LADE__GENERATOR(, __VA_ARGS__)
#define lade_generator_static(...) LADE__GENERATOR(static __attribute__((unused)), __VA_ARGS__)
#define lade_generator_decl(...)   LADE__GENERATOR_DECL(__VA_ARGS__)
#define lade_generator_over(...)          LADE__GENERATOR_OVER(, __VA_ARGS__)
#define lade_generator_over_static(...)   LADE__GENERATOR_OVER(static __attribute__((unused)), __VA_ARGS__)
#define lade_generator_over_2(...)        LADE__GENERATOR_OVER_2(, __VA_ARGS__)
#define lade_generator_over_2_static(...) LADE__GENERATOR_OVER_2(static __attribute__((unused)), __VA_ARGS__)
#define lade_yield(...) LADE__YIELD(__VA_ARGS__)
#define lade_try_yield(...) LADE__TRY_YIELD(__VA_ARGS__)
#define lade_yield_from(...) LADE__YIELD_FROM(__VA_ARGS__)
#define lade_gen_return(...) LADE__RETURN(__VA_ARGS__)
#define lade_fail(...)              LADE__FAIL(LADE_ERUNTIME, __VA_ARGS__)
#define lade_fail_status(code, ...) LADE__FAIL(code, __VA_ARGS__)
#define lade_fail_with(err)         LADE__FAIL_WITH(err)
#define lade_next(g) LADE__NEXT(g)
#define lade_for_each(...) LADE__FOR_EACH(__VA_ARGS__)
#define lade_gen_send(g, ...) LADE__SEND(g, __VA_ARGS__)
#define lade_gen_throw(g, ...) LADE__THROW(g, __VA_ARGS__)
#define lade_gen_close(g) lade__gen_close(lade__untyped(g))
#define lade_gen_free(g) lade__gen_free_at(lade__variable(g))
#define lade_gen_error(g) lade__gen_error(lade__untyped(g))
#define lade_gen_result(g) ((lade__item(g) *)lade__gen_result(lade__untyped(g)))
#define lade_gen_state(g) lade__gen_state(lade__untyped(g))
enum lade_gen_state {
    LADE_GEN_CREATED,
    LADE_GEN_SUSPENDED,
    LADE_GEN_RUNNING,
    LADE_GEN_DELEGATED,
    LADE_GEN_DONE
};
#define lade_gen_delegate(g) ((lade_gen(lade__item(g)))(void *)lade__gen_delegate(lade__untyped(g)))
#define lade_gen_name(g) lade__gen_name(lade__untyped(g))
LADE_API int lade_set_stack_size(size_t bytes);
#define lade_gen_stack(g, bytes) ((__typeof__(g))(void *)lade__gen_stack(lade__untyped(g), bytes))
LADE_API int lade_call_with_stack(size_t bytes, void (*f)(void *ctx), void *ctx, struct lade_error *err);
LADE_API int lade_explain_overflow(void);
LADE_API void lade_release_stacks(void);
#ifdef __cplusplus
}
#endif
#endif
