/*
 * Implements lade_explain_overflow(), which installs a handler of SIGSEGV. If the fault address is in the guard of a
 * generator stack, the handler prints a message.
 *
 * The handler cannot run on the stack that has overflowed. So a thread that takes stacks from the pool gets a signal
 * stack, if it has no signal stack yet. The handler only calls functions that are allowed in signal handlers. At its
 * end, the handler calls the handler that was installed before.
 */
#define _GNU_SOURCE /* sigaltstack, MAP_ANONYMOUS */
#include "gen/stack/overflow.h"
#include "gen/stack/arena.h"
#include "gen/stack/thread.h"

#include <lade/gen.h>

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIGNAL_STACK = 64 * 1024 };

static atomic_int enabled;
static struct sigaction previous;

/* ---- The message ------------------------------------------------------------------------------------------------- */

struct text {
    char bytes[512];
    size_t length;
};

static void add(struct text *text, const char *s) {
    size_t room = sizeof text->bytes - text->length, length = strlen(s);
    length = length < room ? length : room;
    memcpy(text->bytes + text->length, s, length);
    text->length += length;
}

static void add_number(struct text *text, size_t n) {
    char digits[24], *p = digits + sizeof digits;
    *--p = '\0';
    do
        *--p = (char)('0' + n % 10);
    while (n /= 10);
    add(text, p);
}

static void explain(const struct lade_stack *stack) {
    const size_t size = (size_t)1 << stack->order;
    struct text text = {.length = 0};
    add(&text, "lade: a generator stack of ");
    add_number(&text, size / 1024);
    add(&text, " KiB has overflowed");
    if (stack->g) {
        const struct lade_gen *g = stack->g;
        add(&text, " in the generator function ");
        add(&text, g->kind->name);
        while (g->delegate) {
            g = g->delegate;
            add(&text, ", which yields from ");
            add(&text, g->kind->name);
        }
    }
    add(&text, ". Use lade_gen_stack(g, ");
    add_number(&text, 4 * size);
    add(&text, ") for this generator, or lade_set_stack_size(");
    add_number(&text, 4 * size);
    add(&text, ") for all generators.\n");
    ssize_t unused = write(STDERR_FILENO, text.bytes, text.length);
    (void)unused;
}

/* ---- The handler ------------------------------------------------------------------------------------------------- */

static void on_fault(int number, siginfo_t *info, void *context) {
    int saved = errno;
    const struct lade_stack *stack = lade__arena_guarded(info->si_addr);
    if (stack)
        explain(stack);
    errno = saved;
    if (previous.sa_flags & SA_SIGINFO)
        previous.sa_sigaction(number, info, context);
    else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN)
        previous.sa_handler(number);
    else
        signal(number, SIG_DFL); /* the faulting instruction runs again and ends the process */
}

/* Frees the signal stack of a thread that ends. sigaltstack() can only disable the signal stack of the calling thread,
   so the signal stack of another thread is not freed. */
static void thread_end(struct lade__thread *thread) {
    stack_t stack = {.ss_flags = SS_DISABLE};
    if (!thread->signal_stack || thread != &lade__thread)
        return;
    sigaltstack(&stack, NULL);
    munmap(thread->signal_stack, SIGNAL_STACK);
    thread->signal_stack = NULL;
}

/* Removes the handler. If the program has installed another handler since then, this other handler stays. */
static void unload(void) {
    struct sigaction current;
    if (atomic_load(&enabled) && !sigaction(SIGSEGV, NULL, &current) && current.sa_sigaction == on_fault)
        sigaction(SIGSEGV, &previous, NULL);
}

void lade__overflow_thread_begin(void) {
    static const struct lade__thread_user user = {.end = thread_end, .unload = unload};
    stack_t stack;
    if (!atomic_load_explicit(&enabled, memory_order_relaxed) || lade__thread.signal_stack ||
        sigaltstack(NULL, &stack) || !(stack.ss_flags & SS_DISABLE))
        return;
    void *memory = mmap(NULL, SIGNAL_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) /* not an error: the handler does not explain overflows on this thread */
        return;
    stack = (stack_t){.ss_sp = memory, .ss_size = SIGNAL_STACK};
    if (sigaltstack(&stack, NULL)) {
        munmap(memory, SIGNAL_STACK);
        return;
    }
    lade__thread.signal_stack = memory;
    lade__thread_register(LADE__USER_SIGNALS, &user);
}

int lade_explain_overflow(void) {
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    if (!atomic_exchange(&enabled, 1) && sigaction(SIGSEGV, &action, &previous)) {
        atomic_store(&enabled, 0);
        return LADE_ERUNTIME;
    }
    lade__overflow_thread_begin();
    return LADE_OK;
}
