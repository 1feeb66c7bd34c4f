/*
 * Tests that each jump between stacks ends at a landing instruction, as the branch protection of AArch64 requires. On
 * many systems the start files of the C library are built without branch protection. The kernel then does not enable
 * branch protection for the program. So this test makes a child process, and enables branch protection there for the
 * code of the program and of lade.
 */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include "support/rules.h"

#include <link.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PROT_BTI
#define PROT_BTI 0x10
#endif

generator(long, deep, long, n)
{
    if (n)
        yield_from(deep(n - 1));
    for (long i = 0; i < 3; i++)
        yield(i);
}

/* Enables branch protection for the code of @object if @object is the program or the shared library of lade. The
   program has an empty name. */
static int protect(struct dl_phdr_info *object, size_t size, void *failures) {
    (void)size;
    if (*object->dlpi_name && !strstr(object->dlpi_name, "liblade"))
        return 0;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
            continue;
        uintptr_t begin = (object->dlpi_addr + part->p_vaddr) & ~(page - 1);
        uintptr_t end = object->dlpi_addr + part->p_vaddr + part->p_memsz;
        *(int *)failures += mprotect((void *)begin, end - begin, PROT_READ | PROT_EXEC | PROT_BTI) != 0;
    }
    return 0;
}

enum { RIGHT = 1, CANNOT_PROTECT = 2 };

static int switch_stacks(void) {
    int failures = 0;
    dl_iterate_phdr(protect, &failures);
    if (failures)
        return CANNOT_PROTECT;
    gen_auto(long) g = deep(3);
    long total = 0;
    for (long *p; (p = next(g));)
        total += *p;
    gen_auto(long) half_way = deep(500); /* 500 levels of delegation need several stacks */
    total += *next(half_way);
    gen_close(half_way);
    total += sum(deep(500));
    return total == 4 * 3 + 501 * 3 ? RIGHT : 0;
}

START_TEST(every_jump_lands_on_its_mark) {
#ifndef __ARM_FEATURE_BTI_DEFAULT
    CHECK_SKIP("not built with branch protection");
#endif
    fflush(NULL);
    pid_t child = fork();
    if (!child)
        _exit(switch_stacks());
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status), "signal %d", WTERMSIG(status));
    ck_assert(WEXITSTATUS(status) == RIGHT || WEXITSTATUS(status) == CANNOT_PROTECT);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "landing");
    tcase_add_test(tcase, every_jump_lands_on_its_mark);
}
