/*
 * Implements the pool of generator stacks. A stack in the pool keeps its pages, so the next generator that takes the
 * stack causes no page faults. Each thread keeps a few free stacks for itself; all other free stacks are in a depot
 * that all threads share. One thread may take a stack, and another thread may return it.
 */
#define _GNU_SOURCE /* pthread_getattr_np */
#include "gen/stack/stack.h"
#include "gen/stack/arena_index.h"
#include "gen/stack/overflow.h"
#include "gen/stack/valgrind.h"

#include <lade/gen.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/resource.h>

enum {
    DEFAULT_ORDER = 16,
    THREAD_KEEPS = 64,  /* largest number of free stacks of each size that a thread keeps for itself */
    DEPOT_KEEPS = 8192, /* largest number of free stacks of each size in the depot that keep their pages */
    FOREIGN_STACK_GUESS = 8192
};

static _Atomic int current_order = DEFAULT_ORDER;

/* The lock of the pool protects the depot. */
static struct {
    struct lade_stack *first;
    unsigned have_pages;
} depot[LADE__MAX_ORDER + 1];

/* ---- Valgrind ---------------------------------------------------------------------------------------------------- */

/*
 * Valgrind's leak check searches all mapped memory for pointers. A generator that the program has lost must be reported
 * as a leak. But if a free frame, or the stack of the lost generator itself, contained a pointer to the generator,
 * valgrind would not report the leak. So under valgrind no thread keeps free frames or stacks. Each stack in use is
 * registered as an allocated block, because valgrind searches an allocated block only if it has found a pointer to the
 * block.
 */

/* Is called when a stack is taken from the depot. Returns the struct that the caller must use for the stack. Under
   valgrind this is an allocated copy, because valgrind always searches the memory of the original struct. */
static struct lade_stack *valgrind_taken(struct lade_stack *stack) {
    struct lade_stack *copy = stack && RUNNING_ON_VALGRIND ? malloc(sizeof *copy) : NULL;
    if (!copy)
        return stack;
    *copy = *stack;
    copy->next = stack;
    stack->low = stack->top = NULL;
    VALGRIND_MALLOCLIKE_BLOCK(copy->low, (size_t)1 << copy->order, 0, 1);
    return copy;
}

/* Is called before a stack is returned to the depot. Returns the original struct of the stack. */
static struct lade_stack *valgrind_given(struct lade_stack *stack) {
    if (!RUNNING_ON_VALGRIND || !stack->next || stack->next->low)
        return stack;
    struct lade_stack *original = stack->next;
    original->low = stack->low;
    original->top = stack->top;
    VALGRIND_FREELIKE_BLOCK(stack->low, 0);
    free(stack);
    return original;
}

/* ---- The depot --------------------------------------------------------------------------------------------------- */

static void depot_clean(int order) {
    lade__arena_clean(order);
    depot[order].have_pages = 0;
}

static void depot_put(struct lade_stack *stack) {
    stack->next = depot[stack->order].first;
    depot[stack->order].first = stack;
    stack->unused = stack->has_pages = true;
    stack->arena->unused++;
    stack->arena->have_pages++;
    if (++depot[stack->order].have_pages > DEPOT_KEEPS)
        depot_clean(stack->order);
}

static struct lade_stack *depot_take(int order) {
    struct lade_stack *stack = depot[order].first;
    if (!stack)
        return NULL;
    depot[order].first = stack->next;
    depot[order].have_pages -= stack->has_pages;
    stack->arena->have_pages -= stack->has_pages;
    stack->unused = false;
    stack->arena->unused--;
    return stack;
}

/* ---- Taking and giving ------------------------------------------------------------------------------------------- */

/* Returns true if threads keep stacks of this size. */
static bool is_kept(int order) {
    return order < LADE__MIN_ORDER + LADE__STACK_CLASSES;
}

static struct lade__free_stacks *mine(int order) {
    return &lade__thread.stacks[order - LADE__MIN_ORDER];
}

static void thread_flush(struct lade__thread *thread) {
    lade__stacks_lock();
    for (int i = 0; i < LADE__STACK_CLASSES; i++) {
        struct lade__free_stacks *list = &thread->stacks[i];
        for (struct lade_stack *stack; (stack = list->first);) {
            list->first = stack->next;
            depot_put(stack);
        }
        list->room = 0;
    }
    lade__stacks_unlock();
}

static void release_all(void) {
    lade__stacks_lock();
    for (int order = LADE__MIN_ORDER; order <= LADE__MAX_ORDER; order++) {
        lade__arena_unmap(order, &depot[order].first);
        depot_clean(order);
    }
    lade__stacks_unlock();
}

static void unload(void) {
    release_all();
    lade__arena_index_free();
}

static const struct lade__thread_user user = {.flush = thread_flush, .unload = unload};

static __attribute__((noinline)) struct lade_stack *take_shared(int order, struct lade_error *err) {
    lade__overflow_thread_begin();
    lade__stacks_lock();
    struct lade_stack *stack = depot_take(order);
    if (!stack)
        stack = lade__arena_cut(order, err);
    lade__stacks_unlock();
    return valgrind_taken(stack);
}

struct lade_stack *lade__stack_take(int order, struct lade_error *err) {
    int usual = atomic_load_explicit(&current_order, memory_order_relaxed);
    if (order < usual)
        order = usual;
    struct lade_stack *stack;
    if (__builtin_expect(!is_kept(order) || !(stack = mine(order)->first), 0))
        return take_shared(order, err);
    mine(order)->first = stack->next;
    mine(order)->room++;
    return stack;
}

/* lade__stack_give() calls this function in three cases: the stack is too large to be kept, the thread has not kept a
   stack of this size yet, or the thread already keeps THREAD_KEEPS stacks of this size. */
static __attribute__((noinline)) void give_shared(struct lade_stack *stack) {
    struct lade__free_stacks *list = is_kept(stack->order) ? mine(stack->order) : NULL;
    if (list && !list->first && !RUNNING_ON_VALGRIND && !lade__thread_register(LADE__USER_STACKS, &user)) {
        list->room = THREAD_KEEPS;
        lade__stack_give(stack);
        return;
    }
    stack = valgrind_given(stack);
    lade__stacks_lock();
    depot_put(stack);
    lade__stacks_unlock();
}

void lade__stack_give(struct lade_stack *stack) {
    if (__builtin_expect(!is_kept(stack->order) || !mine(stack->order)->room, 0)) {
        give_shared(stack);
        return;
    }
    struct lade__free_stacks *list = mine(stack->order);
    stack->next = list->first;
    list->first = stack;
    list->room--;
}

int lade__stack_order(size_t bytes) {
    int order = LADE__MIN_ORDER;
    while (order < LADE__MAX_ORDER && (size_t)1 << order < bytes)
        order++;
    return order;
}

int lade_set_stack_size(size_t bytes) {
    if (bytes < (size_t)1 << LADE__MIN_ORDER || bytes > (size_t)1 << LADE__MAX_ORDER)
        return LADE_EINVAL;
    atomic_store_explicit(&current_order, lade__stack_order(bytes), memory_order_relaxed);
    return LADE_OK;
}

void lade_release_stacks(void) {
    lade__thread_flush();
    release_all();
}

/* ---- The stack of the running thread ----------------------------------------------------------------------------- */

/*
 * Corrects the address @low, which pthread_getattr_np() has returned as the lowest address of a stack. Under valgrind,
 * this address may be wrong for the stack of the main thread. Valgrind enlarges this stack up to RLIMIT_STACK with new
 * mappings. In a child process, the kernel does not merge the new mappings with the mappings from before fork().
 * pthread_getattr_np() then counts only the oldest mapping, which may have only 12 KiB. Returns the correct address, or
 * @low for the stack of another thread.
 */
static char *low_under_valgrind(char *low, const char *high) {
    struct rlimit limit;
    const char *top = (const char *)getauxval(AT_RANDOM); /* an address in the oldest mapping of the main thread's
                                                             stack */
    if (top < low || top >= high || getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur == RLIM_INFINITY)
        return low;
    const size_t size = (size_t)(high - low);
    return limit.rlim_cur > size ? low - (limit.rlim_cur - size) : low;
}

static void find_native_bounds(void) {
    pthread_attr_t attr;
    if (pthread_getattr_np(pthread_self(), &attr))
        return;
    void *low;
    size_t size;
    if (!pthread_attr_getstack(&attr, &low, &size)) {
        lade__thread.native_high = (char *)low + size;
        lade__thread.native_low = RUNNING_ON_VALGRIND ? low_under_valgrind(low, lade__thread.native_high) : low;
    }
    pthread_attr_destroy(&attr);
}

static __attribute__((noinline)) char *limit_elsewhere(char *here) {
    if (!lade__thread.native_high) {
        find_native_bounds();
        if (here >= lade__thread.native_low && here < lade__thread.native_high)
            return lade__thread.native_low;
    }
    char *limit = lade__arena_limit(here);
    return limit ? limit : here - FOREIGN_STACK_GUESS; /* no limit is known for a stack of another library */
}

char *lade__stack_limit(char *here) {
    return here >= lade__thread.native_low && here < lade__thread.native_high ? lade__thread.native_low
                                                                              : limit_elsewhere(here);
}

int lade__stack_check(size_t bytes, const char *what, struct lade_error *err) {
    char *here = __builtin_frame_address(0);
    ptrdiff_t left = here - lade__stack_limit(here);
    if (left >= (ptrdiff_t)bytes || left == FOREIGN_STACK_GUESS) /* the size of another library's stack is unknown */
        return LADE_OK;
    return lade_error_set_subject(err, LADE_ELIMIT, "stack",
                                  "%s needs %zu bytes of stack, but %td are left: give the thread a larger stack "
                                  "(pthread_attr_setstacksize), or use lade_call_with_stack()",
                                  what, bytes, left);
}
