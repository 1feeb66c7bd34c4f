/* Checks what happens if there is no memory while a training run writes a checkpoint. The result must be an error or a
   complete checkpoint, and never an incomplete checkpoint. */
#include "support/train_toy.h"
#include "train/fit/run.h"

#include <jansson.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static int allowed; /* number of allocations of jansson before the first failure */
static int failing; /* number of allocations that fail; the allocations after them succeed */

static void *take(size_t size) {
    allowed--;
    return allowed >= 0 || allowed < -failing ? malloc(size) : NULL;
}

/* Stores the contents of a file in @bytes. Returns the size of the file. */
static size_t slurp(const char *path, char bytes[8192]) {
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    size_t size = fread(bytes, 1, 8192, f);
    fclose(f);
    ck_assert(size > 0 && size < 8192);
    return size;
}

static const int failures[] = {2, INT_MAX}; /* values of `failing`; INT_MAX: all later allocations fail */

START_TEST(the_written_state_is_complete) {
    static const float weights[] = {1, 2, 3};
    char path[64], whole[8192], bytes[8192];
    snprintf(path, sizeof path, "%s/lade-test-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    close(mkstemp(path));
    json_set_alloc_funcs(take, free);
    allowed = INT_MAX;
    struct toy toy = {.arms = 3, .batch = 12, .steps = 5}, test = {.arms = 3, .batch = 9, .steps = 2};
    struct lade_source source = toy_source(&toy);
    struct lade_fit_options fit = {.class_weight = weights, .checkpoint = path, .validation = toy_source(&test)};
    lade_fit_run run;
    lade_net *net = toy_net("dense 3", 1);
    ck_assert_int_eq(lade__run_begin(&run, net, &source, &fit, NULL), LADE_OK);
    ck_assert_int_eq(lade__history_add(&run.history, &run.metrics, NULL), LADE_OK);
    ck_assert_int_eq(lade__run_save(&run, NULL), LADE_OK);
    size_t size = slurp(path, whole);
    int most = 0;
    for (allowed = -1; allowed < 0; most++) {
        struct lade_error err = {0};
        allowed = most;
        failing = failures[_i];
        int status = lade__run_save(&run, &err);
        ck_assert_msg(status == LADE_OK || status == LADE_ENOMEM, "after %d allocations: %s", most, err.message);
        ck_assert_msg(slurp(path, bytes) == size && memcmp(bytes, whole, size) == 0,
                      "after %d allocations: the file differs", most);
        ck_assert_msg(status == LADE_OK || allowed < 0, "after %d allocations: %s", most, err.message);
    }
    ck_assert_int_gt(most, 100);
    allowed = INT_MAX;
    lade__run_release(&run);
    lade_net_free(net);
    unlink(path);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "json");
    tcase_add_loop_test(tcase, the_written_state_is_complete, 0, (int)(sizeof failures / sizeof *failures));
}
