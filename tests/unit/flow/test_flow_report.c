/* Tests the list of invalid files. The memory of the list is limited, but all files are counted. */
#include "flow/pipeline/error_report.h"

#include <string.h>

#include "support/check_main.h"

enum { FILES = 40000, LISTED = 30000 /* about the number of messages of 500 bytes in 16 MiB */ };

START_TEST(the_list_is_limited_but_all_files_are_counted) {
    struct lade__error_report report;
    struct lade_error error = {.code = LADE_EFORMAT};
    struct lade_invalid_file file;
    int64_t count = 0, listed = 0;
    memset(error.message, 'x', 499);
    ck_assert_int_eq(lade__error_report_init(&report, FILES), LADE_OK);
    for (int round = 0; round < 2; round++) /* a file that is invalid in two epochs is counted once */
        for (int64_t i = 0; i < FILES; i++)
            ck_assert_int_eq(lade__error_report_add(&report, i, round, 0, &error, &count), LADE_OK);
    ck_assert_int_eq(count, FILES);
    ck_assert_int_eq(lade__error_report_count(&report), FILES);
    while (lade__error_report_get(&report, listed, &file) == LADE_OK) {
        ck_assert_int_eq(file.sample, listed++);
        ck_assert_str_eq(file.cause, error.message);
    }
    ck_assert_int_gt(listed, LISTED * 9 / 10);
    ck_assert_int_lt(listed, LISTED * 11 / 10);
    lade__error_report_release(&report);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "report");
    tcase_add_test(tcase, the_list_is_limited_but_all_files_are_counted);
}
