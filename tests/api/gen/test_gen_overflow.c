/* Tests of lade_explain_overflow(). A child process overflows a stack, and its stderr must contain the name of the
   generator function. */
#include "support/rules.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) static long deeper(long n) {
    volatile char here[64];
    here[0] = (char)n;
    return n ? deeper(n - 1) + here[0] : here[0];
}

generator(long, recurses)
{
    yield(1);
    yield(deeper(100000000));
}

generator(long, delegates)
{ yield_from(recurses()); }

generator(long, adds)
{ yield(sum(lade_gen_stack(recurses(), 1 << 20))); }

static void pull_two(gen_owned(long) owned) {
    gen_auto(long) g = owned;
    (void)next(g);
    (void)next(g);
}

static void pulled(void) {
    pull_two(recurses());
}

static void delegated(void) {
    pull_two(delegates());
}

static void in_place(void) {
    pull_two(adds());
}

static void *pulled_on_a_thread(void *unused) {
    pulled();
    return unused;
}

static void on_another_thread(void) {
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, pulled_on_a_thread, NULL), 0);
    pthread_join(thread, NULL);
}

static void own_handler(int number) {
    (void)number;
    static const char text[] = "own handler";
    _exit(write(2, text, sizeof text - 1) < 0);
}

static void pulled_with_a_handler(void) {
    pulled(); /* run_child() has installed own_handler() */
}

static void plain_fault(void) {
    int *volatile nowhere = NULL;
    *(volatile int *)nowhere = 1;
}

/* Runs f in a child process, and stores the stderr of the child in @text. Returns the wait status of the child. */
static int run_child(void (*f)(void), char *text, size_t size) {
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    if (!child) {
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        if (f == pulled_with_a_handler)
            signal(SIGSEGV, own_handler);
        ck_assert_int_eq(lade_explain_overflow(), LADE_OK);
        ck_assert_int_eq(lade_explain_overflow(), LADE_OK);
        f();
        _exit(0);
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t n; (n = read(ends[0], text + length, size - 1 - length)) > 0;)
        length += (size_t)n;
    text[length] = '\0';
    close(ends[0]);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return status;
}

static void check_explained(void (*f)(void), const char *names, const char *advice) {
    static char text[1 << 20];
    int status = run_child(f, text, sizeof text);
    ck_assert_msg(strstr(text, names) && strstr(text, advice), "%s", text);
    ck_assert(WIFSIGNALED(status) ? WTERMSIG(status) == SIGSEGV : WEXITSTATUS(status) != 0);
}

START_TEST(the_message_names_the_generator_function) {
    check_explained(pulled, "function recurses", "lade_gen_stack(g, 262144)");
    check_explained(delegated, "function delegates, which yields from recurses", "lade_set_stack_size(262144)");
    check_explained(in_place, "function recurses", "lade_gen_stack(g, 4194304)");
    check_explained(on_another_thread, "function recurses", "lade_gen_stack(g, 262144)");
}
END_TEST

START_TEST(the_handler_before_is_called) {
    char text[1024];
    ck_assert_int_eq(run_child(pulled_with_a_handler, text, sizeof text), 0);
    ck_assert_msg(strstr(text, "function recurses") && strstr(text, "own handler"), "%s", text);
}
END_TEST

START_TEST(another_fault_is_not_explained) {
    static char text[1 << 16];
    ck_assert_int_ne(run_child(plain_fault, text, sizeof text), 0);
    ck_assert_ptr_null(strstr(text, "lade: "));
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "overflow");
    tcase_add_test(tcase, the_message_names_the_generator_function);
    tcase_add_test(tcase, the_handler_before_is_called);
    tcase_add_test(tcase, another_fault_is_not_explained);
}
