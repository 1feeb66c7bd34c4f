/* Defines main() for all Check programs. If no test was run, main() returns 77, and ctest reports the program as
   skipped. */
#include "support/check_main.h"

enum { SKIPPED = 77 };

TCase *check_case(Suite *suite, const char *name) {
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    return tcase;
}

int main(int argc, char **argv) {
    (void)argc;
    Suite *suite = suite_create(argv[0]);
    check_cases(suite);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int run = srunner_ntests_run(runner), failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    if (run == 0)
        return SKIPPED;
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
