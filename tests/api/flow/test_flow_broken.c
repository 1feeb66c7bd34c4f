/* Tests of a directory that contains valid images and broken entries of many kinds. All valid images are delivered,
 * each broken entry is reported with its cause, and nothing crashes, hangs or leaks. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

#include <sys/socket.h>
#include <sys/un.h>

static unsigned char bytes[65536];

static size_t good_bytes(const char *relative) {
    FILE *f = fopen(tree_path(relative), "rb");
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    return n;
}

/* Entries that are broken before the scan, and a part of the message for each. */
static const struct {
    const char *path, *cause;
} broken[] = {
    {"c/cut.jpg", "trunc"}, {"c/cut.png", "png"},     {"c/dangling.png", "No such"}, {"c/empty.jpg", "empty"},
    {"c/head.jpg", "jpg"},  {"c/huge.png", "100000"}, {"c/loop.jpg", "cannot be"},   {"c/page.jpg", "DOCTYPE"},
    {"c/text.png", "text"}, {"c/zeros.jpg", "zero"},  {"c/\xff\xfe.png", "text"},
};

enum { BROKEN = sizeof broken / sizeof *broken, GOOD = 12 };

static void make_broken(void) {
    size_t n = good_bytes("c/good0.jpg");
    tree_bytes("c/cut.jpg", bytes, n * 2 / 3);
    tree_bytes("c/head.jpg", bytes, 20);
    n = good_bytes("c/good1.png");
    tree_bytes("c/cut.png", bytes, n / 2);
    memcpy(bytes + 16, "\x00\x01\x86\xa0\x00\x01\x86\xa0", 8);
    tree_bytes("c/huge.png", bytes, n);
    tree_bytes("c/empty.jpg", "", 0);
    tree_bytes("c/text.png", "dear reader, I am no picture", 28);
    tree_bytes("c/\xff\xfe.png", "nor am I, whatever I am called", 30);
    tree_bytes("c/page.jpg", "<!DOCTYPE html><html>404 Not Found</html>", 41);
    memset(bytes, 0, 4096);
    tree_bytes("c/zeros.jpg", bytes, 4096);
    ck_assert_int_eq(symlink("nowhere", tree_path("c/dangling.png")), 0);
    ck_assert_int_eq(symlink("loop.jpg", tree_path("c/loop.jpg")), 0);
}

/* Makes entries that a scan must not list, for example a FIFO whose name ends with .jpg. */
static void make_strange(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(name.sun_path, sizeof name.sun_path, "%s", tree_path("c/socket.jpg"));
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    close(fd);
    ck_assert_int_eq(mkfifo(tree_path("c/fifo.jpg"), 0600), 0);
    ck_assert_int_eq(symlink("/dev/zero", tree_path("c/device.jpg")), 0);
    ck_assert_int_eq(symlink("..", tree_path("c/up.jpg")), 0);
    tree_folder("c/void.png"); /* an empty directory */
    tree_bytes("c/.hidden.png", "x", 1);
    tree_bytes("c/notes.txt", "x", 1);
}

static void make_good(void) {
    char name[300] = "c/";
    tree_folder("c");
    for (int i = 0; i < GOOD - 4; i++) {
        snprintf(name, sizeof name, "c/good%d.%s", i, i % 2 ? "png" : "jpg");
        tree_image(name, i);
    }
    /* A directory whose name looks like the name of an image file; the directory contains an image. */
    tree_folder("c/folder.jpg");
    tree_image("c/folder.jpg/inside.png", 8);
    memset(name + 2, 'n', 251);
    strcpy(name + 253, ".png"); /* 255 bytes: the longest possible name */
    tree_image(name, 9);
    tree_image("c/caf\xe9.png", 10);
    ck_assert_int_eq(symlink("good0.jpg", tree_path("c/link.png")), 0);
}

/* Returns the path as messages contain it: bytes that are not UTF-8 are escaped. */
static const char *printed(const char *path) {
    return strchr(path, '\xff') ? "c/\\xff\\xfe.png" : tree_path(path);
}

/* Checks that the invalid files of @flow are the entries of `broken`. Each entry must be reported with its cause. */
static void check_causes(lade_flow *flow) {
    ck_assert_int_eq(lade_flow_invalid_count(flow), BROKEN);
    for (int i = 0; i < BROKEN; i++) {
        bool found = false;
        for (int64_t k = 0; k < BROKEN; k++) {
            struct lade_invalid_file bad;
            char path[512];
            ck_assert_int_eq(lade_flow_invalid_file(flow, k, &bad), LADE_OK);
            lade_flow_filename(flow, bad.sample, path, sizeof path);
            if (strcmp(path, broken[i].path) != 0)
                continue;
            found = true;
            ck_assert_msg(strstr(bad.cause, printed(broken[i].path)) && strstr(bad.cause, broken[i].cause),
                          "\"%s\" or the path is not in \"%s\"", broken[i].cause, bad.cause);
        }
        ck_assert_msg(found, "%s is not reported", broken[i].path);
    }
}

START_TEST(valid_images_are_delivered_and_broken_ones_reported) {
    make_good();
    make_broken();
    make_strange();
    for (int workers = 1; workers < 5; workers++)
        for (int policy = LADE_ERROR_SKIP; policy <= LADE_ERROR_REPLACE; policy++) {
            struct lade_flow_options o = {.target_size = {8, 8}, .batch_size = 4, .seed = 5, .workers = workers};
            int64_t rows = 0;
            o.on_error = (enum lade_error_policy)policy;
            lade_flow *flow = tree_flow(&o);
            ck_assert_int_eq(lade_flow_samples(flow), GOOD + BROKEN);
            bool seen[64] = {false};
            for (int64_t k = 0; k < 2 * lade_flow_steps(flow); k++) {
                struct lade_batch *b = tree_next(flow);
                for (int64_t i = 0; i < b->n; i++)
                    seen[b->indices[i]] = true;
                rows += b->n;
                lade_batch_unref(b);
            }
            int good = 0;
            for (int i = 0; i < 64; i++)
                good += seen[i];
            ck_assert_int_eq(good, GOOD);
            ck_assert_int_eq(rows, policy == LADE_ERROR_SKIP ? 2 * GOOD : 2 * (GOOD + BROKEN));
            check_causes(flow);
            lade_flow_free(flow);
        }
}
END_TEST

/* If a file is deleted or changed after the scan, it is invalid and reported with its cause. Other samples do not
   change. */
START_TEST(files_that_change_their_type_are_invalid) {
    static const char *const causes[] = {"No such file", "is a directory", "is a FIFO", "empty", "trunc", "text"};
    struct lade_flow_options o = {
        .target_size = {8, 8}, .batch_size = 16, .order = LADE_ORDER_SORTED, .on_error = LADE_ERROR_SKIP};
    make_good();
    lade_flow *flow = tree_flow(&o);
    size_t n = good_bytes("c/good0.jpg");
    for (int i = 0; i < 6; i++) {
        char name[64];
        snprintf(name, sizeof name, "c/good%d.%s", i, i % 2 ? "png" : "jpg");
        ck_assert_int_eq(unlink(tree_path(name)), 0);
        if (i == 1)
            tree_folder(name);
        else if (i == 2)
            ck_assert_int_eq(mkfifo(tree_path(name), 0600), 0);
        else if (i)
            tree_bytes(name, i == 4 ? (void *)bytes : "what?", i == 3 ? 0 : i == 4 ? n * 2 / 3 : 5);
    }
    struct lade_batch *b = tree_next(flow);
    ck_assert_int_eq(b->n, GOOD - 7); /* six changed files and the link to good0 are invalid */
    lade_batch_unref(b);
    ck_assert_int_eq(lade_flow_invalid_count(flow), 7);
    for (int i = 0; i < 6; i++) {
        struct lade_invalid_file bad;
        bool found = false;
        for (int64_t k = 0; k < 7 && lade_flow_invalid_file(flow, k, &bad) == LADE_OK; k++) {
            char name[16];
            snprintf(name, sizeof name, "good%d.", i);
            found = found || (strstr(bad.cause, name) && strstr(bad.cause, causes[i]));
        }
        ck_assert_msg(found, "no cause of good%d contains \"%s\"", i, causes[i]);
    }
    lade_flow_free(flow);
}
END_TEST

START_TEST(a_flow_can_be_freed_in_any_state) {
    make_good();
    make_broken();
    for (int taken = 0; taken < 6; taken++) {
        struct lade_flow_options o = {
            .target_size = {64, 64}, .batch_size = 3, .on_error = LADE_ERROR_SKIP, .workers = 3};
        lade_flow *flow = tree_flow(&o);
        struct lade_batch *kept = NULL;
        for (int k = 0; k < taken; k++) {
            lade_batch_unref(kept);
            kept = tree_next(flow);
        }
        lade_flow_free(flow); /* at this time, workers are busy, and the batch `kept` is referenced */
        lade_batch_unref(kept);
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow broken");
    tcase_add_test(tcase, valid_images_are_delivered_and_broken_ones_reported);
    tcase_add_test(tcase, files_that_change_their_type_are_invalid);
    tcase_add_test(tcase, a_flow_can_be_freed_in_any_state);
}
