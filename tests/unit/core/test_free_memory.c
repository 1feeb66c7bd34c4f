/* Tests of lade__sys_free_memory_in(), which returns the number of bytes that this process can still use. The function
   reads files that Linux has in /proc and /sys. The tests write such files to a temporary folder. */
#include "base/sys.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/check_main.h"

static char root[64];

static void begin(void) {
    strcpy(root, "/tmp/lade-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static void end(void) {
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", root);
    ck_assert_int_eq(system(command), 0);
}

/* Writes the file @path in the folder `root`, and makes the folders in @path. */
static void file(const char *path, const char *text) {
    char whole[300];
    snprintf(whole, sizeof whole, "%s/%s", root, path);
    for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(whole, 0777);
        *slash = '/';
    }
    FILE *f = fopen(whole, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

START_TEST(without_files_there_is_no_limit) {
    ck_assert_uint_eq(lade__sys_free_memory_in(root), UINT64_MAX);
    file("proc/meminfo", "MemTotal: nothing\n");
    file("proc/self/cgroup", "0:\n:::\n\n");
    ck_assert_uint_eq(lade__sys_free_memory_in(root), UINT64_MAX);
}
END_TEST

START_TEST(the_kernel_reports_the_available_memory) {
    file("proc/meminfo", "MemTotal:  1000 kB\nMemFree:  1 kB\nMemAvailable:     400 kB\n");
    ck_assert_uint_eq(lade__sys_free_memory_in(root), 400 * 1024);
}
END_TEST

START_TEST(each_parent_of_a_control_group_has_a_limit) {
    file("proc/meminfo", "MemAvailable: 1000000 kB\n");
    file("proc/self/cgroup", "0::/a/b\n");
    file("sys/fs/cgroup/a/b/memory.max", "max\n");
    file("sys/fs/cgroup/a/b/memory.current", "100\n");
    ck_assert_uint_eq(lade__sys_free_memory_in(root), 1024000000);
    file("sys/fs/cgroup/a/memory.max", "5000\n");
    file("sys/fs/cgroup/a/memory.current", "4000\n");
    ck_assert_uint_eq(lade__sys_free_memory_in(root), 1000);
    file("sys/fs/cgroup/a/memory.stat", "anon 7\ninactive_file 500\nactive_file 9\n");
    ck_assert_uint_eq(lade__sys_free_memory_in(root), 1500);
    file("sys/fs/cgroup/memory.max", "600\n"); /* the root group */
    file("sys/fs/cgroup/memory.current", "700\n");
    ck_assert_uint_eq(lade__sys_free_memory_in(root), 0);
}
END_TEST

START_TEST(control_groups_of_version_1_are_read_too) {
    file("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/x\n0::/\n");
    file("sys/fs/cgroup/memory/x/memory.limit_in_bytes", "9000\n");
    file("sys/fs/cgroup/memory/x/memory.usage_in_bytes", "8000\n");
    file("sys/fs/cgroup/memory/x/memory.stat", "inactive_file 1\ntotal_inactive_file 20\n");
    ck_assert_uint_eq(lade__sys_free_memory_in(root), 1020);
}
END_TEST

START_TEST(this_machine_has_free_memory) {
    uint64_t bytes = lade__sys_free_memory();
    ck_assert_msg(bytes > 0 && bytes < UINT64_MAX, "%llu bytes", (unsigned long long)bytes);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "free memory");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, without_files_there_is_no_limit);
    tcase_add_test(tcase, the_kernel_reports_the_available_memory);
    tcase_add_test(tcase, each_parent_of_a_control_group_has_a_limit);
    tcase_add_test(tcase, control_groups_of_version_1_are_read_too);
    tcase_add_test(tcase, this_machine_has_free_memory);
}
