/*
 * Tests of generators in a process with little memory. The tests limit the address space, the writable memory, the
 * locked memory and the number of mappings. Check runs each test in a child process, so the limits of one test have no
 * effect on other tests.
 */
#define _GNU_SOURCE /* setresuid, pthread_getattr_np */
#include "support/rules.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KIB = 1024, MIB = 1024 * 1024, MANY = 20000 };

/* Returns the reason why limits cannot be tested here, or NULL. */
static const char *obstacle(void) {
#ifdef LADE__SANITIZED
    return "a sanitizer reserves terabytes of address space";
#else
    return check_under_valgrind()    ? "valgrind itself needs much memory"
           : getenv("LADE_EMULATED") ? "the limits would apply to the emulator"
           : getenv("CK_FORK")       ? "the limits would apply to the other tests"
                                     : NULL;
#endif
}

/* Returns, in bytes, the value of the line @name of /proc/self/status. An example of a name is "VmRSS". */
static size_t status_bytes(const char *name) {
    char line[256];
    size_t value = 0;
    FILE *f = fopen("/proc/self/status", "r");
    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f))
        if (!strncmp(line, name, strlen(name)))
            value = strtoull(line + strlen(name) + 1, NULL, 10) * KIB;
    fclose(f);
    return value;
}

static void set_limit(int resource, size_t bytes) {
    struct rlimit limit;
    ck_assert_int_eq(getrlimit((__typeof__(RLIMIT_AS))resource, &limit), 0);
    limit.rlim_cur = bytes;
    ck_assert_int_eq(setrlimit((__typeof__(RLIMIT_AS))resource, &limit), 0);
}

generator(long, ones)
{
    for (;;)
        yield(1);
}

static lade_gen(long) * g;

/* Starts generators until a generator cannot be started. Checks the error of this generator, and frees all generators.
   Returns the number of generators that were started. */
static long start_until(int code, const char *cause) {
    long n = 0;
    while (n < MANY && (g[n] = ones(), next(g[n])))
        n++;
    ck_assert_int_lt(n, MANY);
    const struct lade_error *error = gen_error(g[n]);
    ck_assert_msg(error->code == code && strstr(error->message, cause), "%d %s", error->code, error->message);
    for (long i = 0; i <= n; i++)
        gen_free(g[i]);
    return n;
}

/* Starts generators until the limit is reached, and frees them. Does this three times. The second time, the same number
   of generators can be started, because the pool contains the stacks of the first generators. */
static void check_limit(int code, const char *cause, long least) {
    g = calloc(MANY, sizeof *g);
    long first = start_until(code, cause);
    ck_assert_int_ge(first, least);
    ck_assert_int_ge(start_until(code, cause), first - 1);
    lade_release_stacks();
    ck_assert_int_ge(start_until(code, cause), first / 2);
    ck_assert_int_eq(sum(take(ones(), 5)), 5);
    free(g);
}

START_TEST(one_generator_takes_little_address_space) {
    if (obstacle())
        CHECK_SKIP("%s", obstacle());
    const size_t space = status_bytes("VmSize"), writable = status_bytes("VmData");
    gen(long) one = ones();
    ck_assert_int_eq(*next(one), 1);
    ck_assert_uint_lt(status_bytes("VmSize") - space, 3 * MIB);
    ck_assert_uint_lt(status_bytes("VmData") - writable, 512 * KIB);
    gen_free(one);
    lade_release_stacks();
    ck_assert_uint_lt(status_bytes("VmSize") - space, 512 * KIB);
}
END_TEST

START_TEST(a_limit_of_address_space) {
    if (obstacle())
        CHECK_SKIP("%s", obstacle());
    set_limit(RLIMIT_AS, status_bytes("VmSize") + 32 * MIB);
    check_limit(LADE_ENOMEM, "RLIMIT_AS", 50);
}
END_TEST

START_TEST(a_limit_of_writable_memory) {
    if (obstacle())
        CHECK_SKIP("%s", obstacle());
    set_limit(RLIMIT_DATA, status_bytes("VmData") + status_bytes("VmStk") + 4 * MIB);
    check_limit(LADE_ENOMEM, "RLIMIT_DATA", 40);
}
END_TEST

static long mappings(void) {
    long lines = 0;
    FILE *f = fopen("/proc/self/maps", "r");
    ck_assert_ptr_nonnull(f);
    for (int c; (c = getc(f)) != EOF;)
        lines += c == '\n';
    fclose(f);
    return lines;
}

START_TEST(a_limit_of_mappings) {
    if (obstacle())
        CHECK_SKIP("%s", obstacle());
    FILE *f = fopen("/proc/sys/vm/max_map_count", "r");
    long most = 0;
    if (f) {
        ck_assert_int_eq(fscanf(f, "%ld", &most), 1);
        fclose(f);
    }
    if (most < 1000 || most > 200000)
        CHECK_SKIP("vm.max_map_count is %ld", most);
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (size_t)(most - mappings() - 50);
    char *p = mmap(NULL, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(p, MAP_FAILED);
    for (size_t i = 1; i < pages; i += 2) /* adjacent pages have different protections, so each page is a mapping */
        ck_assert_int_eq(mprotect(p + i * page, page, PROT_READ), 0);
    check_limit(LADE_ELIMIT, "vm.max_map_count", 10);
    munmap(p, pages * page);
}
END_TEST

/* ---- mlockall ---------------------------------------------------------------------------------------------------- */

/* Locks all memory that the process maps later, with a limit of @limit bytes. Returns false if this is not allowed. */
static bool lock_memory(size_t limit) {
    set_limit(RLIMIT_MEMLOCK, limit);
    if (!geteuid() && setresuid(65534, 65534, 65534)) /* the limit has no effect for root */
        return false;
    return !mlockall(MCL_FUTURE);
}

START_TEST(locked_memory) {
    if (obstacle())
        CHECK_SKIP("%s", obstacle());
    if (!lock_memory(3 * MIB))
        CHECK_SKIP("mlockall() is not allowed");
    gen(long) one = ones();
    ck_assert_int_eq(*next(one), 1);
    ck_assert_uint_le(status_bytes("VmLck"), 2 * MIB);
    ck_assert_uint_le(status_bytes("VmRSS"), 32 * MIB);
    gen_free(one);
    lade_release_stacks();
    ck_assert_uint_le(status_bytes("VmLck"), 512 * KIB);
    check_limit(LADE_ENOMEM, "RLIMIT_MEMLOCK", 3);
}
END_TEST

START_TEST(the_pages_of_locked_stacks_are_released) {
    if (obstacle())
        CHECK_SKIP("%s", obstacle());
    if (!lock_memory(8 * MIB))
        CHECK_SKIP("mlockall() is not allowed");
    gen(long) several[9], stays;
    for (int i = 0; i < 9; i++) {
        several[i] = ones();
        ck_assert_ptr_nonnull(next(several[i]));
    }
    /* An arena is a mapping that contains several stacks. This generator keeps its arena mapped. */
    stays = gen_move(several[4]);
    const size_t before = status_bytes("VmRSS");
    for (int i = 0; i < 9; i++)
        gen_free(several[i]);
    lade_release_stacks();
    ck_assert_uint_lt(status_bytes("VmRSS") + 256 * KIB, before);
    ck_assert_int_eq(*next(stays), 1);
    gen_free(stays);
}
END_TEST

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

static long own_stack_size(long unused) {
    (void)unused;
    pthread_attr_t attributes;
    size_t size = 0;
    ck_assert_int_eq(pthread_getattr_np(pthread_self(), &attributes), 0);
    ck_assert_int_eq(pthread_attr_getstacksize(&attributes, &size), 0);
    pthread_attr_destroy(&attributes);
    return (long)size;
}

static long size_in_thread(void) {
    return (long)max(parallel_map(own_stack_size, range(1), 1));
}

START_TEST(threads_have_small_stacks) {
    ck_assert_int_eq(size_in_thread(), MIB);
    ck_assert_int_eq(lade_set_thread_stack_size(4 * MIB), LADE_OK);
    ck_assert_int_eq(size_in_thread(), 4 * MIB);
    ck_assert_int_eq(lade_set_thread_stack_size(128 * KIB - 1), LADE_EINVAL);
    ck_assert_int_eq(lade_set_thread_stack_size(0), LADE_EINVAL);
    ck_assert_int_eq(size_in_thread(), 4 * MIB);
}
END_TEST

START_TEST(a_thread_without_address_space) {
    if (obstacle())
        CHECK_SKIP("%s", obstacle());
    struct lade_error err = {0};
    ck_assert_int_eq(sum(take(ones(), 3)), 3); /* the limit is set after this line, when all libraries are loaded */
    ck_assert_int_eq(lade_set_thread_stack_size(64 * MIB), LADE_OK);
    set_limit(RLIMIT_AS, status_bytes("VmSize") + 32 * MIB);
    for_each (x, prefetch(ones(), 10), &err)
        ck_assert_int_eq(x, 0);
    ck_assert_msg(err.code == LADE_ENOMEM && strstr(err.message, "RLIMIT_AS"), "%d %s", err.code, err.message);
}
END_TEST

/* ---- The pool ---------------------------------------------------------------------------------------------------- */

START_TEST(pages_of_unused_stacks_are_released) {
    if (obstacle())
        CHECK_SKIP("%s", obstacle());
    g = calloc(MANY, sizeof *g);
    const size_t before = status_bytes("VmRSS");
    long n = 0;
    while (n < MANY && (g[n] = ones(), next(g[n])))
        n++;
    const size_t used = status_bytes("VmRSS") - before;
    for (long i = 0; i < n; i++)
        if (i % 100)
            gen_free(g[i]);
    ck_assert_uint_lt(status_bytes("VmRSS") - before, used * 3 / 4); /* the pool keeps the pages of 8192 stacks */
    lade_release_stacks();
    ck_assert_uint_lt(status_bytes("VmRSS") - before, used / 4);
    for (long i = 0; i < n; i += 100) {
        ck_assert_ptr_nonnull(next(g[i]));
        gen_free(g[i]);
    }
    const size_t space = status_bytes("VmSize");
    lade_release_stacks();
    ck_assert_uint_lt(status_bytes("VmSize") + (size_t)n * 256 * KIB, space); /* the arenas were unmapped */
    free(g);
}
END_TEST

/* ---- exit -------------------------------------------------------------------------------------------------------- */

static void *use_generators(void *unused) {
    for (;;) {
        gen(long) several[70];
        for (int i = 0; i < 70; i++)
            several[i] = ones(), (void)next(several[i]);
        for (int i = 0; i < 70; i++)
            gen_free(several[i]);
    }
    return unused;
}

/* Returns the reason why a child process cannot exit while threads run, or NULL. */
static const char *obstacle_to_exit(void) {
#ifdef LADE__SANITIZED
    return "the sanitizers report the leaks of threads that run at exit";
#else
    return check_under_valgrind() ? "valgrind reports the leaks of threads that run at exit" : NULL;
#endif
}

START_TEST(exit_while_other_threads_use_generators) {
    if (obstacle_to_exit())
        CHECK_SKIP("%s", obstacle_to_exit());
    for (int round = 0; round < 30; round++) {
        fflush(NULL);
        pid_t child = fork();
        if (!child) {
            for (int i = 0; i < 3; i++) {
                pthread_t thread;
                pthread_create(&thread, NULL, use_generators, NULL);
            }
            usleep(1000);
            exit(7);
        }
        int status;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFEXITED(status));
        ck_assert_int_eq(WEXITSTATUS(status), 7);
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "limits");
    tcase_add_test(tcase, one_generator_takes_little_address_space);
    tcase_add_test(tcase, a_limit_of_address_space);
    tcase_add_test(tcase, a_limit_of_writable_memory);
    tcase_add_test(tcase, a_limit_of_mappings);
    tcase_add_test(tcase, locked_memory);
    tcase_add_test(tcase, the_pages_of_locked_stacks_are_released);
    tcase_add_test(tcase, threads_have_small_stacks);
    tcase_add_test(tcase, a_thread_without_address_space);
    tcase_add_test(tcase, pages_of_unused_stacks_are_released);
    tcase_add_test(tcase, exit_while_other_threads_use_generators);
}
