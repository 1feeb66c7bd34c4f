/*
 * Declares the functions that all Check programs share. main() is in check_main.c. A test file defines check_cases(),
 * which adds its tests:
 *
 *     void check_cases(Suite *suite) {
 *         TCase *tcase = check_case(suite, "lists");
 *         tcase_add_test(tcase, an_empty_list_has_no_items);
 *     }
 */
#ifndef LADE_TESTS_CHECK_MAIN_H
#define LADE_TESTS_CHECK_MAIN_H

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Each successful assertion of Check calls _mark_point(). The function writes the line number to a file, so that Check
   can print the last assertion before a crash. Tests that compare each byte of an image in a loop would spend most of
   their time in these writes. Therefore this macro removes the calls. gdb and the sanitizers still show where a program
   crashed. */
#define _mark_point(file, line) ((void)0)

#ifdef __cplusplus
extern "C" {
#endif

void check_cases(Suite *suite);

/* Adds a new test case to the suite. Each test of the case may take 120 s, which is long enough on a busy machine. */
TCase *check_case(Suite *suite, const char *name);

#ifdef __cplusplus
}
#endif

/* Returns true if tools/run-valgrind runs the program. A test then repeats less, because valgrind is 10 to 50 times
   slower, and needs seconds to compile a kernel of oneDNN. */
static inline bool check_under_valgrind(void) {
    return getenv("LADE_VALGRIND") != NULL;
}

/* CHECK_UNDER_TSAN is 1 if the program is compiled with ThreadSanitizer. gcc and clang report this in different ways. */
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define CHECK_UNDER_TSAN 1
#else
#define CHECK_UNDER_TSAN 0
#endif

/* Ends the running test and prints the reason. A test uses this macro if the machine cannot run the test. */
#define CHECK_SKIP(...)                    \
    do {                                   \
        printf("skipped: %s: ", __func__); \
        printf(__VA_ARGS__);               \
        printf("\n");                      \
        return;                            \
    } while (0)

/* Prints the reason why a part of a test is skipped. The test then continues with its next part. */
#define CHECK_SKIP_PART(...)                      \
    do {                                          \
        printf("partly skipped: %s: ", __func__); \
        printf(__VA_ARGS__);                      \
        printf("\n");                             \
    } while (0)

#endif
