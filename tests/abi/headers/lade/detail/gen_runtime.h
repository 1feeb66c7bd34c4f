#ifndef LADE_DETAIL_GEN_RUNTIME_H
#define LADE_DETAIL_GEN_RUNTIME_H
#pragma GCC system_header
#include <lade/base.h>
#include <lade/detail/gen_switch.h>
#include <string.h>
#ifndef __cplusplus
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#pragma GCC diagnostic error "-Wint-conversion"
#pragma GCC diagnostic error "-Wimplicit-function-declaration"
#ifdef __clang__
#pragma clang diagnostic ignored "-Wgnu-auto-type"
#endif
#endif
#ifdef __cplusplus
extern "C" {
#endif
struct lade_brand;
struct lade__no_item {
    char unused;
};
struct lade_gen;
struct lade_stack;
enum { LADE__INNER, LADE__OUTER };
struct lade_port {
    struct lade_context context[2];
    char *p, *end;
    char *room_end;
    int (*full)(struct lade_port *port);
    const void *sent;
    void *item;
    int pending;
    unsigned short exiting;
    unsigned short up;
    struct lade_error *error;
    char *limit;
    size_t item_size;
};
struct lade_line;
struct lade_dir_entry;
enum lade__item_class {
    LADE__OTHERS,
    LADE__NUMBERS,
    LADE__TEXTS,
    LADE__LINES
};
struct lade_gen_kind {
    const char *name;
    size_t frame_size, item_size, slot_offset, result_offset;
    int item_class;
    void (*drain)(struct lade_gen *self, struct lade_port *port);
    void (*pull)(struct lade_gen *self, struct lade_port *port);
    void (*drop)(struct lade_gen *self);
    unsigned short stack_units;
};
enum { LADE__UNMEASURED = 0xffff };
enum {
    LADE__CREATED,
    LADE__SUSPENDED,
    LADE__SUSPENDED_INLINE,
    LADE__RUNNING,
    LADE__DELEGATED,
    LADE__DONE,
    LADE__FREED
};
struct lade_gen {
    struct lade_port port;
    const struct lade_gen_kind *kind;
    size_t item_size, frame_size;
    char *slot;
    unsigned char state;
    unsigned char item_class;
    unsigned char error_seen;
    unsigned char has_result, has_from_result;
    unsigned short stack_units;
    struct lade_stack *stack;
    struct lade_gen *delegate;
    struct lade_error *error;
    void *sanitizer;
};
#if !defined(__cplusplus) && !defined(__clang__)
struct lade__no_item;
extern struct lade__no_item *(**const lade__given)(struct lade_brand *);
extern struct lade__no_item *(**const lade__source)(struct lade_brand *);
extern struct lade__no_item *const lade__contained;
extern struct lade__no_item (*const lade__called)(struct lade__no_item *);
extern const int lade__printed, *const lade__contents;
#endif
#ifndef __cplusplus
extern struct lade_here *const lade__body;
extern long **const lade__at;
extern struct lade_gen *const lade__self;
extern void *const yield_works_only_inside_a_generator_body;
#endif
LADE_API void *lade__gen_new(const struct lade_gen_kind *kind);
LADE_API void *lade__gen_resume(struct lade_gen *g, const void *sent);
LADE_API void *lade__gen_ready(struct lade_gen *g, void **item);
LADE_API void *lade__gen_ended(struct lade_gen *g);
LADE_API void *lade__gen_send(struct lade_gen *g, const void *value);
LADE_API void *lade__gen_throw(struct lade_gen *g, int code, const char *fmt, ...) LADE_PRINTF(3, 4);
LADE_API int lade__gen_close(struct lade_gen *g);
LADE_API int lade__gen_free(struct lade_gen *g);
LADE_API int lade__gen_free_at(void *variable);
LADE_API struct lade_gen *lade__gen_move(void *variable);
LADE_API void lade__gen_auto_end(void *handle);
LADE_API const struct lade_error *lade__gen_error(struct lade_gen *g);
LADE_API void *lade__gen_result(struct lade_gen *g);
LADE_API int lade__gen_state(const struct lade_gen *g);
LADE_API struct lade_gen *lade__gen_delegate(const struct lade_gen *g);
LADE_API const char *lade__gen_name(const struct lade_gen *g);
LADE_API struct lade_gen *lade__gen_stack(struct lade_gen *g, size_t bytes);
LADE_API void lade__measured(struct lade_gen *measure);
LADE_API int lade__port_full(struct lade_port *port);
LADE_API int lade__port_pending(struct lade_port *port);
LADE_API int lade__port_catch(struct lade_port *port, int status);
LADE_API void lade__raise(struct lade_port *port, int code, const char *fmt, ...) LADE_PRINTF(3, 4);
LADE_API void lade__raise_with(struct lade_port *port, const struct lade_error *err);
LADE_API int lade__yield_from(struct lade_gen *self, struct lade_port *port, struct lade_gen *sub, int owned);
LADE_API void *lade__result_room(struct lade_gen *self);
LADE_API void *lade__from_result(struct lade_gen *self);
enum { LADE__OWNED = 1, LADE__WHOLE = 2 };
LADE_API void lade__run(struct lade_gen *g, int how, struct lade_port *port);
LADE_API int lade__deliver_pending(struct lade_port *from, struct lade_error *err, struct lade_port *body);
static inline int lade__deliver(struct lade_port *from, struct lade_error *err, struct lade_port *body) {
    return from->pending ? lade__deliver_pending(from, err, body) : LADE_OK;
}
struct lade_loop {
    struct lade_gen *g;
    void *item;
    struct lade_error *err;
    struct lade_port *body;
    int owned;
};
LADE_API void *lade__from_container(const void *items, int temporary, size_t item_size, int item_class);
LADE_API struct lade_loop lade__loop_start(struct lade_gen *g, int owned, struct lade_error *err,
                                           struct lade_port *body);
LADE_API void lade__loop_end(struct lade_loop *loop);
static inline __attribute__((always_inline, unused)) void *lade__next_at(struct lade_gen **at) {
#if LADE__INLINE_SWITCH
    struct lade_port *port = (struct lade_port *)(void *)*at;
    void *pc = port ? port->context[LADE__INNER].pc : NULL, *item;
    if (__builtin_expect(!pc, 0)) {
        void *otherwise;
        pc = lade__gen_ready(*at, &otherwise);
        if (!pc)
            return otherwise;
    }
    port->context[LADE__INNER].pc = NULL;
    LADE__ENTER(port, pc, item);
    if (!port)
        __builtin_unreachable();
    *at = (struct lade_gen *)(void *)port;
    return __builtin_expect(item != NULL, 1) ? item : lade__gen_ended(*at);
#else
    return lade__gen_resume(*at, NULL);
#endif
}
static inline __attribute__((always_inline, unused)) void *lade__next(struct lade_gen *g) {
    return lade__next_at(&g);
}
struct lade_here {
    struct lade_port *port;
    int alert;
};
static inline __attribute__((always_inline, unused)) int lade__suspend(struct lade_here *here, void *item) {
#if LADE__INLINE_SWITCH
    struct lade_port *port = here->port;
    if (here->alert && __builtin_expect(port->pending, 0))
        return lade__port_pending(port);
    LADE__LEAVE(port, item);
    here->port = port;
    return port->pending;
#else
    (void)here, (void)item;
    return 0;
#endif
}
#ifdef __cplusplus
}
#endif
#endif
