/* Tests of generators with signals, with fork(), with exit() and pthread_exit() in a body, and with threads that end
   before their generators. */
#include "support/rules.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

generator(long, numbers, long, i)
{
    for (;; i++)
        yield(i);
}

generator(long, deep, long, depth)
{
    if (depth)
        yield_from(deep(depth - 1));
    else
        yield_from(numbers(0));
}

/* ---- Signals ----------------------------------------------------------------------------------------------------- */

static volatile sig_atomic_t hits;

/* The signal handler runs on the stack that is in use when the signal arrives, often the stack of a generator. */
static void on_alarm(int number) {
    volatile char room[4096];
    memset((char *)room, number, sizeof room);
    hits += room[4095] == (char)number;
}

START_TEST(signals_come_while_stacks_are_switched) {
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    struct itimerval every = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
    sigaction(SIGALRM, &action, NULL);
    gen_auto(long) g = numbers(0);
    gen_auto(long) h = deep(30);
    setitimer(ITIMER_REAL, &every, NULL);
    for (long i = 0; hits < 200; i++) {
        ck_assert_int_eq(*next(g), i);
        ck_assert_int_eq(*next(h), i);
        ck_assert_int_eq(sum(take(numbers(i), 2)), 2 * i + 1);
    }
    setitimer(ITIMER_REAL, &never, NULL);
}
END_TEST

/* ---- Children ---------------------------------------------------------------------------------------------------- */

/* Runs f(arg) in a child process. Returns the exit code of the child, or -1 if a signal ended the child. */
static int in_child(int (*f)(void *), void *arg) {
    fflush(NULL);
    pid_t child = fork();
    if (!child) {
        signal(SIGALRM, SIG_DFL); /* the signal handler of Check would end the parent process */
        alarm(20);
        _exit(f(arg));
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int goes_on(void *arg) {
    lade_gen(long) g = *(lade_gen(long) *)arg;
    int right = *next(g) == 2;
    right += *next(g) == 3;
    gen_auto(long) own = numbers(10);
    right += *next(own) == 10;
    right += sum(take(g, 2)) == 9;
    gen_free(g);
    return right;
}

START_TEST(a_child_has_its_own_copy_of_each_generator) {
    if (CHECK_UNDER_TSAN) /* in a child process, ThreadSanitizer does not know the current stack */
        CHECK_SKIP("ThreadSanitizer does not know the current stack in a child process");
    gen_auto(long) g = numbers(0);
    assert_next(g, 0);
    assert_next(g, 1);
    ck_assert_int_eq(in_child(goes_on, &g), 4);
    assert_next(g, 2);
}
END_TEST

static volatile int enough;

/* Takes stacks from the pool and returns stacks to the pool, until `enough` is set. */
static void *take_and_give(void *unused) {
    while (!enough) {
        gen(long) g[80]; /* a thread keeps at most 64 free stacks; the other stacks go to a depot for all threads */
        for (int i = 0; i < 80; i++) {
            g[i] = numbers(i);
            (void)next(g[i]);
        }
        for (int i = 0; i < 80; i++)
            gen_free(g[i]);
        lade_release_stacks();
    }
    return unused;
}

static int takes_a_stack(void *unused) {
    (void)unused;
    gen_auto(long) g = numbers(3);
    int right = *next(g) == 3;
    lade_release_stacks();
    return right;
}

START_TEST(a_child_of_a_process_with_busy_threads) {
#ifdef LADE__SANITIZED
    CHECK_SKIP("fork() may copy a locked mutex of the sanitizer's allocator");
#endif
    if (check_under_valgrind())
        CHECK_SKIP("valgrind counts the memory of the parent's threads as leaks of the child");
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, take_and_give, NULL), 0);
    int right = 0;
    for (int i = 0; i < 30; i++)
        right += in_child(takes_a_stack, NULL) == 1;
    enough = 1;
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(right, 30);
}
END_TEST

/* ---- Processes and threads that end while a body runs ------------------------------------------------------------ */

generator(long, ends_the_process)
{
    yield(1);
    exit(5);
}

static void at_exit(void) { /* runs on the stack of the generator that called exit() */
    gen_auto(long) g = numbers(3);
    if (*next(g) != 3)
        _exit(1);
}

static int exits(void *unused) {
    (void)unused;
    atexit(at_exit);
    lade_gen(long) g = ends_the_process();
    (void)next(g);
    (void)next(g);
    return 2;
}

START_TEST(a_body_may_end_the_process) {
#ifdef LADE__SANITIZED
    CHECK_SKIP("the leak checker reports memory of Check");
#endif
    if (check_under_valgrind())
        CHECK_SKIP("valgrind reports the generator that called exit() as a leak");
    ck_assert_int_eq(in_child(exits, NULL), 5);
}
END_TEST

/* Points to the generator of an ended thread, so that a leak checker does not report the generator. */
static void *volatile lost;

generator(long, ends_its_thread)
{
    yield(1);
    pthread_exit((void *)7);
}

static void *pulls_to_the_end(void *unused) {
    lade_gen(long) g = ends_its_thread();
    lost = (void *)(uintptr_t)g;
    (void)next(g);
    (void)next(g);
    return unused;
}

START_TEST(a_body_may_end_its_thread) {
#ifdef LADE__SANITIZED
    CHECK_SKIP("a sanitizer requires that a thread ends on its own stack, and not on the stack of a generator");
#endif
    pthread_t thread;
    void *result = NULL;
    ck_assert_int_eq(pthread_create(&thread, NULL, pulls_to_the_end, NULL), 0);
    ck_assert_int_eq(pthread_join(thread, &result), 0);
    ck_assert_ptr_eq(result, (void *)7);
}
END_TEST

static pthread_key_t key;
static int seen;

/* Runs when a thread ends. The library may already have freed its own data for this thread. */
static void goes_on_in_a_destructor(void *arg) {
    lade_gen(long) g = (lade_gen(long))arg;
    seen += *next(g) == 1;
    gen_free(g);
    gen_auto(long) more = numbers(5);
    seen += *next(more) == 5;
    seen += sum(take(numbers(0), 5)) == 10;
}

static void *leaves_a_generator(void *unused) {
    lade_gen(long) g = numbers(0);
    (void)next(g);
    pthread_setspecific(key, (void *)(uintptr_t)g);
    return unused;
}

START_TEST(generators_in_the_destructors_of_a_thread) {
    ck_assert_int_eq(pthread_key_create(&key, goes_on_in_a_destructor), 0);
    for (int i = 0; i < 50; i++) {
        pthread_t thread;
        ck_assert_int_eq(pthread_create(&thread, NULL, leaves_a_generator, NULL), 0);
        ck_assert_int_eq(pthread_join(thread, NULL), 0);
    }
    ck_assert_int_eq(seen, 3 * 50);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "process");
    tcase_add_test(tcase, signals_come_while_stacks_are_switched);
    tcase_add_test(tcase, a_child_has_its_own_copy_of_each_generator);
    tcase_add_test(tcase, a_child_of_a_process_with_busy_threads);
    tcase_add_test(tcase, a_body_may_end_the_process);
    tcase_add_test(tcase, a_body_may_end_its_thread);
    tcase_add_test(tcase, generators_in_the_destructors_of_a_thread);
}
