/*
 * Makes and frees generators, and returns their properties. resume.c and run.c run generators.
 *
 * A generator is one block of memory, which is called its frame. The frame contains the struct lade_gen, a slot for one
 * item, memory for results, and the arguments of the generator function. The generator gets a stack when it is pulled
 * for the first time (see resume.c).
 */
#include "gen/gen_impl.h"
#include "base/error.h"
#include "gen/frame.h"
#include "gen/measure.h"
#include "gen/sanitize.h"
#include "gen/stack/stack.h"
#include "gen/state.h"

/* ---- Making ------------------------------------------------------------------------------------------------------ */

LADE__THREAD_BOUND void *lade__gen_new(const struct lade_gen_kind *kind) {
    struct lade_gen *g = lade__frame_take(kind->frame_size);
    if (!g)
        return NULL;
    g->frame_size = kind->frame_size;
    /* The struct lade_port in *g is not cleared, because this would take most of the time of this function. The port is
       initialised when the generator starts. */
    g->kind = kind;
    g->item_size = kind->item_size;
    g->slot = (char *)g + kind->slot_offset;
    g->state = LADE__CREATED;
    g->item_class = (unsigned char)kind->item_class;
    g->error_seen = g->has_result = g->has_from_result = 0;
    g->stack_units = lade__kind_units(kind);
    *lade__resume_pc(g) = NULL;
    g->stack = NULL;
    g->delegate = NULL;
    g->error = NULL;
    g->sanitizer = NULL;
    return g;
}

LADE__THREAD_BOUND void *lade__gen_new_sized(const struct lade_gen_kind *kind, size_t item_size, int item_class,
                                             size_t room) {
    const size_t frame = LADE__ROUND_16(kind->frame_size), slot = LADE__ROUND_16(item_size);
    if (room > SIZE_MAX / 2)
        return NULL;
    struct lade_gen *g = lade__frame_take(frame + slot + room);
    if (!g)
        return NULL;
    memset(g, 0, frame + slot + room);
    g->frame_size = frame + slot + room;
    g->kind = kind;
    g->item_size = item_size;
    g->slot = (char *)g + frame;
    g->item_class = (unsigned char)item_class;
    return g;
}

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

/* These errors are static, so that they can be used when there is no memory. */
struct lade_error lade__exit_error = {.code = LADE_EXIT, .message = "generator exit"};
static struct lade_error no_memory = {.code = LADE_ENOMEM, .message = "out of memory; an error message is lost"};

void lade__error_drop(struct lade_gen *g) {
    if (g->error != &lade__exit_error && g->error != &no_memory)
        lade_free(g->error);
    g->error = NULL;
}

void lade__error_report(struct lade_gen *g) {
    if (!g->error_seen)
        lade_unhandled(g->error);
    lade__error_drop(g);
}

void lade__misuse(struct lade_gen *g, int code, const char *fmt, ...) {
    lade__forget_error(g);
    g->error = lade_alloc(sizeof *g->error);
    if (!g->error) {
        g->error = &no_memory;
        return;
    }
    va_list args;
    va_start(args, fmt);
    lade__error_format(g->error, code, NULL, fmt, args);
    va_end(args);
}

/* ---- Freeing ----------------------------------------------------------------------------------------------------- */

void lade__drop(struct lade_gen *g) {
    g->state = LADE__DONE;
    if (g->kind->drop)
        g->kind->drop(g);
}

static void free_frame(struct lade_gen *g) {
    lade__forget_error(g);
    g->state = LADE__FREED; /* if the program calls lade_next() with a freed generator, lade_next() finds this state */
    lade__frame_give(g, g->frame_size);
}

/* Frees a generator that has not started and owns other generators. Its function `drop` frees these generators. In a
   chain of generators, this would be a recursion that uses stack space for each generator. So if a generator is freed
   inside of `drop`, it is only added to a list, which is linked by the field `delegate`. The thread-local variable
   `postponed` is the address of this list, or NULL if no `drop` is running. */
static void free_chain(struct lade_gen *g) {
    if (lade__thread.postponed) {
        g->delegate = *lade__thread.postponed;
        *lade__thread.postponed = g;
        return;
    }
    struct lade_gen *list = g;
    g->delegate = NULL;
    lade__thread.postponed = &list;
    while ((g = list)) {
        list = g->delegate;
        lade__drop(g);
        free_frame(g);
    }
    lade__thread.postponed = NULL;
}

/* Closes a generator that has started. While its body (the code of the generator function) runs, `postponed` is NULL,
   so that generators which the body frees are freed immediately. */
static int finish_started(struct lade_gen *g) {
    struct lade_gen **const outer = lade__thread.postponed;
    lade__thread.postponed = NULL;
    int status = lade__finish_for_good(g);
    lade__thread.postponed = outer;
    return status;
}

static __attribute__((noinline)) int free_unfinished(struct lade_gen *g) {
    if (g->state == LADE__CREATED && g->kind->drop) {
        free_chain(g);
        return LADE_OK;
    }
    if (finish_started(g))
        return LADE_ESTATE;
    free_frame(g);
    return LADE_OK;
}

LADE__THREAD_BOUND int lade__gen_free(struct lade_gen *g) {
    if (!g)
        return LADE_OK;
    if (__builtin_expect(g->state != LADE__DONE, 0))
        return free_unfinished(g);
    free_frame(g);
    return LADE_OK;
}

/* Reads a variable that contains a generator. The type of the variable depends on the item type, so the variable is
   read as bytes. */
static struct lade_gen *read_handle(const void *variable) {
    struct lade_gen *g;
    memcpy(&g, variable, sizeof g);
    return g;
}

struct lade_gen *lade__gen_move(void *variable) {
    struct lade_gen *g = read_handle(variable), *none = NULL;
    memcpy(variable, &none, sizeof none);
    return g;
}

int lade__gen_free_at(void *variable) {
    int status = lade__gen_free(read_handle(variable));
    if (!status)
        lade__gen_move(variable);
    return status;
}

void lade__gen_auto_end(void *handle) {
    lade__gen_free(read_handle(handle));
}

/* ---- Properties -------------------------------------------------------------------------------------------------- */

const struct lade_error *lade__gen_error(struct lade_gen *g) {
    static const struct lade_error no_generator = {.code = LADE_ENOMEM,
                                                   .message = "out of memory: the generator could not be made"};
    static const struct lade_error freed = {.code = LADE_ESTATE, .message = "the generator was freed or moved before"};
    if (!g)
        return &no_generator;
    if (g->state == LADE__FREED)
        return &freed;
    g->error_seen = 1;
    return g->error;
}

void *lade__gen_result(struct lade_gen *g) {
    return g && g->has_result ? (char *)g + g->kind->result_offset : NULL;
}

void *lade__result_room(struct lade_gen *self) {
    self->has_result = 1;
    return (char *)self + self->kind->result_offset;
}

void *lade__from_result(struct lade_gen *self) {
    return self->has_from_result ? (char *)self + self->kind->result_offset + self->item_size : NULL;
}

int lade__gen_state(const struct lade_gen *g) {
    static const int public_states[] = {[LADE__CREATED] = LADE_GEN_CREATED,
                                        [LADE__SUSPENDED] = LADE_GEN_SUSPENDED,
                                        [LADE__SUSPENDED_INLINE] = LADE_GEN_SUSPENDED,
                                        [LADE__RUNNING] = LADE_GEN_RUNNING,
                                        [LADE__DELEGATED] = LADE_GEN_DELEGATED,
                                        [LADE__DONE] = LADE_GEN_DONE,
                                        [LADE__FREED] = LADE_GEN_DONE};
    return g ? public_states[lade__state_of(g)] : LADE_GEN_DONE;
}

struct lade_gen *lade__gen_delegate(const struct lade_gen *g) {
    return g ? g->delegate : NULL;
}

const char *lade__gen_name(const struct lade_gen *g) {
    return g ? g->kind->name : "";
}
