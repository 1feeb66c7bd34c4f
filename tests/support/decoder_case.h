/* Provides a test case for tests that need a decoder. Each test gets a new decoder, which is freed after the test. */
#ifndef LADE_TESTS_DECODER_CASE_H
#define LADE_TESTS_DECODER_CASE_H

#include <lade/image.h>

#include "support/check_main.h"

static lade_decoder *decoder;

static void decoder_setup(void) {
    decoder = lade_decoder_new();
    ck_assert_ptr_nonnull(decoder);
}

static void decoder_teardown(void) {
    lade_decoder_free(decoder);
}

static inline TCase *decoder_case(Suite *suite, const char *name) {
    TCase *tcase = check_case(suite, name);
    tcase_add_checked_fixture(tcase, decoder_setup, decoder_teardown);
    return tcase;
}

#endif
