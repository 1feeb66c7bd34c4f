/* Tests of the interface to the operating system, especially of the errors when a whole file is read. */
#define _GNU_SOURCE
#include "base/sys.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/check_main.h"

static char folder[64], path[128];
static struct lade_error err;
static struct lade__bytes bytes;

static void make_folder(void) {
    strcpy(folder, "/tmp/lade-sys-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
}

static void remove_folder(void) {
    lade__bytes_release(&bytes);
    unlink(path);
    rmdir(path);
    rmdir(folder);
}

static void write_file(const void *data, size_t size) {
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(data, 1, size, f), size);
    ck_assert_int_eq(fclose(f), 0);
}

static void expect_error(size_t limit, int code, const char *value) {
    ck_assert_int_eq(lade__sys_read_file(path, limit, &bytes, &err), code);
    ck_assert_int_eq(err.code, code);
    ck_assert_str_eq(err.subject, path);
    ck_assert_msg(strstr(err.message, value) != NULL, "\"%s\" does not contain \"%s\"", err.message, value);
    ck_assert_uint_eq(bytes.size, 0);
}

START_TEST(reads_whole_files_into_the_same_memory) {
    char text[5000];
    memset(text, 'a', sizeof text);
    write_file(text, sizeof text);
    ck_assert_int_eq(lade__sys_read_file(path, 0, &bytes, &err), LADE_OK);
    ck_assert_uint_eq(bytes.size, sizeof text);
    ck_assert_int_eq(memcmp(bytes.data, text, sizeof text), 0);
    unsigned char *memory = bytes.data;

    write_file("bc", 2);
    ck_assert_int_eq(lade__sys_read_file(path, 2, &bytes, &err), LADE_OK);
    ck_assert_uint_eq(bytes.size, 2);
    ck_assert_int_eq(memcmp(bytes.data, "bc", 2), 0);
    ck_assert_ptr_eq(bytes.data, memory);

    write_file("", 0);
    ck_assert_int_eq(lade__sys_read_file(path, 2, &bytes, &err), LADE_OK);
    ck_assert_uint_eq(bytes.size, 0);
}
END_TEST

START_TEST(only_regular_files_are_read) {
    expect_error(0, LADE_ENOENT, path);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    expect_error(0, LADE_EUNSUPPORTED, "directory");
    rmdir(path);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    expect_error(0, LADE_EUNSUPPORTED, "FIFO"); /* the function must not wait for a writer */
    unlink(path);
    ck_assert_int_eq(symlink("/dev/zero", path), 0);
    expect_error(0, LADE_EUNSUPPORTED, "device");
}
END_TEST

START_TEST(a_limit_is_checked_before_the_allocation) {
    write_file("12345", 5);
    expect_error(4, LADE_ELIMIT, "5 bytes");
    ck_assert_ptr_null(bytes.data);
    ck_assert_int_eq(lade__sys_read_file(path, 5, &bytes, &err), LADE_OK);
    ck_assert_int_eq(truncate(path, (off_t)1 << 40), 0); /* a sparse file with the size of a terabyte */
    expect_error(1 << 20, LADE_ELIMIT, "1048576");
}
END_TEST

START_TEST(a_file_without_permission) {
    write_file("x", 1);
    ck_assert_int_eq(chmod(path, 0), 0);
    if (geteuid() == 0 && seteuid(65534) != 0)
        CHECK_SKIP("root may read every file, and cannot become another user here");
    ck_assert_int_eq(chmod(folder, 0755) == 0 || geteuid() != 0, 1);
    int rc = lade__sys_read_file(path, 0, &bytes, &err);
    if (geteuid() != getuid())
        ck_assert_int_eq(seteuid(getuid()), 0);
    ck_assert_int_eq(rc, LADE_EACCES);
    ck_assert_str_eq(err.subject, path);
}
END_TEST

/* The size of a /proc file is 0, but the file has contents. Therefore the file seems to grow while it is read. */
START_TEST(a_file_that_grows_is_an_error) {
    if (access("/proc/self/status", R_OK) != 0)
        CHECK_SKIP("this system has no /proc");
    ck_assert_int_eq(lade__sys_read_file("/proc/self/status", 0, &bytes, &err), LADE_EIO);
    ck_assert_str_eq(err.subject, "/proc/self/status");
}
END_TEST

START_TEST(cached_files_are_not_read_ahead) {
    char text[9000] = "x";
    write_file(text, sizeof text);
    int fd = open(path, O_RDWR);
    ck_assert_int_ge(fd, 0);
    ck_assert(!lade__sys_read_ahead(fd)); /* the file is in the page cache, because it was just written */
    if (fsync(fd) == 0 && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0 && !lade__sys_read_ahead(fd))
        CHECK_SKIP_PART("the file system keeps its files in memory, or does not report whether a file is in memory");
    ck_assert_int_eq(pread(fd, text, sizeof text, 0), sizeof text);
    ck_assert(!lade__sys_read_ahead(fd));
    ck_assert(!lade__sys_read_ahead(-1));
    close(fd);
}
END_TEST

START_TEST(threads_pages_and_clock) {
    ck_assert_int_ge(lade__sys_threads(), 1);
    size_t page = lade__sys_page_size();
    ck_assert(page >= 512 && (page & (page - 1)) == 0);
    double before = lade__sys_clock();
    struct timespec pause = {0, 2000000};
    nanosleep(&pause, NULL);
    double passed = lade__sys_clock() - before;
    ck_assert(passed >= 0.002 && passed < 10);
}
END_TEST

static void *named(void *ctx) {
    lade__sys_name_thread("lade-worker-number-17");
    pthread_getname_np(pthread_self(), ctx, 16);
    return NULL;
}

START_TEST(threads_get_names) {
    char name[16] = "";
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, named, name), 0);
    pthread_join(thread, NULL);
    ck_assert_str_eq(name, "lade-worker-num");
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "sys");
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_add_test(tcase, reads_whole_files_into_the_same_memory);
    tcase_add_test(tcase, only_regular_files_are_read);
    tcase_add_test(tcase, a_limit_is_checked_before_the_allocation);
    tcase_add_test(tcase, a_file_without_permission);
    tcase_add_test(tcase, a_file_that_grows_is_an_error);
    tcase_add_test(tcase, cached_files_are_not_read_ahead);
    tcase_add_test(tcase, threads_pages_and_clock);
    tcase_add_test(tcase, threads_get_names);
}
