/* Tests that a scan counts each entry of a tree once: as an image, a directory that the scan reads, a problem, or an
   ignored entry with one reason. */
#define _GNU_SOURCE /* nftw, and more */
#include <lade/flow.h>

#include "support/flow_tree.h"

#include <sys/socket.h>
#include <sys/un.h>

/* ---- What a scan reports ----------------------------------------------------------------------------------------- */

static int64_t counts[LADE_IGNORED_COUNT];
static char names[256][64]; /* "REASON DIRECTORY/NAME" of each ignored entry */
static int reported;

static void count(void *ctx, const struct lade_ignored_entry *entry) {
    ck_assert_ptr_eq(ctx, counts);
    ck_assert_int_lt(entry->reason, LADE_IGNORED_COUNT);
    ck_assert_int_lt(reported, 256);
    counts[entry->reason]++;
    snprintf(names[reported++], sizeof names[0], "%s %s/%s", lade_ignored_name(entry->reason), entry->directory,
             entry->name);
}

static int problems; /* number of reported problems, without the problem LADE_ENOENT (a class folder without images) */

static void count_problem(void *ctx, const struct lade_scan_problem *problem) {
    (void)ctx;
    problems += problem->status != LADE_ENOENT;
}

/* Scans the tree and returns the number of images. */
static int64_t scan(struct lade_scan_options options) {
    struct lade_error err = {0};
    memset(counts, 0, sizeof counts);
    reported = 0;
    problems = 0;
    options.ignored = (struct lade_ignored_callback){count, counts};
    options.on_problem = count_problem;
    lade_scan *s = lade_scan_directory(tree_root, &options, &err);
    ck_assert_msg(s != NULL, "%s", err.message);
    int64_t images = lade_scan_count(s);
    lade_scan_free(s);
    return images;
}

static bool is_reported(const char *name) {
    for (int i = 0; i < reported; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

#define REPORTED(name) ck_assert_msg(is_reported(name), "not reported: %s", name)

/* ---- The tree ---------------------------------------------------------------------------------------------------- */

static void link_to(const char *target, const char *relative) {
    ck_assert_int_eq(symlink(target, tree_path(relative)), 0);
}

static void make_socket(const char *relative) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", tree_path(relative));
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    close(fd);
}

static const char *const image_suffixes[] = {"jpg",  "JPEG", "jfif", "jpe",  "mpo", "png", "apng", "bmp", "dib",
                                             "webp", "GIF",  "tif",  "tiff", "ppm", "pgm", "pbm",  "pnm"};
static const char *const other_suffixes[] = {"heic", "heif", "jxl", "jp2", "j2k",  "ico", "tga", "psd", "qoi", "exr",
                                             "hdr",  "dcm",  "dng", "cr2", "nef",  "svg", "pdf", "eps", "txt", "csv",
                                             "json", "xml",  "npy", "mp4", "part", "tmp", "db",  "zip", "gz",  "md5"};
enum {
    IMAGES = sizeof image_suffixes / sizeof *image_suffixes,
    OTHERS = sizeof other_suffixes / sizeof *other_suffixes
};

/* Makes entries of 60 kinds in the class folder c, and more entries next to this folder. */
static void make_tree(void) {
    char name[64];
    tree_folder("c");
    tree_folder("c/deep");
    tree_folder("c/deep/deeper");
    tree_folder("c/.cache");
    tree_folder("elsewhere");
    tree_folder("empty");
    for (int i = 0; i < IMAGES; i++) {
        snprintf(name, sizeof name, "c/image.%s", image_suffixes[i]);
        tree_bytes(name, "", 0);
    }
    for (int i = 0; i < OTHERS; i++) {
        snprintf(name, sizeof name, "c/other.%s", other_suffixes[i]);
        ck_assert_msg(!lade_format_from_path(name), "%s is now the suffix of a format", other_suffixes[i]);
        tree_bytes(name, "text", 4);
    }
    tree_bytes("c/.hidden.png", "", 0);
    tree_bytes("c/.cache/a.png", "", 0);
    tree_bytes("c/empty", "", 0);
    tree_bytes("c/png", "text", 4);
    tree_bytes("c/ends-with-dot.", "text", 4);
    tree_bytes("c/a.png.bak", "text", 4);
    tree_image_sized("c/photo", 1, 8, 8);
    tree_image_sized("c/deep/deeper/photo.download", 2, 8, 8);
    tree_image_sized("c/deep/more.png", 3, 8, 8);
    ck_assert_int_eq(mkfifo(tree_path("c/pipe.png"), 0600), 0);
    make_socket("c/socket.png");
    link_to("/dev/null", "c/device.png");
    link_to("image.jpg", "c/link.png");
    link_to("nowhere", "c/broken.png");
    link_to("nowhere", "c/broken");
    link_to("../elsewhere", "c/linked-folder");
    link_to("..", "c/deep/up");
    tree_bytes("elsewhere/a.png", "", 0);
    tree_bytes("loose.png", "", 0);
    tree_bytes("readme.md", "text", 4);
    tree_bytes(".DS_Store", "text", 4);
}

/* The number of entries of the tree. nftw() counts them without lade. Directories that a scan reads are not counted,
   and a directory whose name begins with a dot is one entry together with its contents. */
static int64_t entries;

static int count_entry(const char *path, const struct stat *s, int type, struct FTW *ftw) {
    (void)s;
    if (strstr(path + strlen(tree_root), "/.cache/"))
        return 0;
    entries += type != FTW_D || path[ftw->base] == '.';
    return 0;
}

static int64_t count_entries(void) {
    entries = 0;
    ck_assert_int_eq(nftw(tree_root, count_entry, 16, FTW_PHYS), 0);
    return entries;
}

/* ---- Tests ------------------------------------------------------------------------------------------------------- */

START_TEST(every_entry_is_an_image_or_has_one_reason) {
    make_tree();
    int64_t images = scan((struct lade_scan_options){0});
    ck_assert_int_eq(images, IMAGES + 1 + 2 + 1); /* more.png; link.png and broken.png; elsewhere/a.png */
    ck_assert_int_eq(counts[LADE_IGNORED_SUFFIX], OTHERS + 4 + 2 + 1);
    ck_assert_int_eq(counts[LADE_IGNORED_DOT], 3);
    ck_assert_int_eq(counts[LADE_IGNORED_NOT_REGULAR], 3);
    ck_assert_int_eq(counts[LADE_IGNORED_LINK], 2);
    ck_assert_int_eq(counts[LADE_IGNORED_NO_CLASS], 2);
    ck_assert_int_eq(images + reported, count_entries());
    REPORTED("suffix c/other.heic");
    REPORTED("suffix c/deep/deeper/photo.download");
    REPORTED("suffix c/broken");
    REPORTED("dot c/.cache");
    REPORTED("dot c/.hidden.png");
    REPORTED("dot /.DS_Store");
    REPORTED("not_regular c/pipe.png");
    REPORTED("not_regular c/socket.png");
    REPORTED("not_regular c/device.png");
    REPORTED("link c/linked-folder");
    REPORTED("no_class /loose.png");
    REPORTED("no_class /readme.md");
}
END_TEST

START_TEST(the_content_decides_with_all_files) {
    make_tree();
    int64_t before = scan((struct lade_scan_options){0});
    struct lade_scan_options all = {.all_files = true};
    int64_t images = scan(all);
    ck_assert_int_eq(images, before + 2);
    ck_assert_int_eq(counts[LADE_IGNORED_SUFFIX], 1); /* c/broken.png is a broken link, so it has no content */
    ck_assert_int_eq(counts[LADE_IGNORED_EMPTY], 1);
    REPORTED("empty c/empty");
    REPORTED("content c/other.heic");
    REPORTED("content c/a.png.bak");
    ck_assert_int_eq(images + reported, count_entries());

    struct lade_error err = {0};
    struct lade_flow_options options = {.all_files = true, .classes = (const char *const[]){"c", NULL}};
    lade_flow *flow = lade_flow_from_directory(tree_root, &options, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    ck_assert_int_eq(lade_flow_samples(flow), images - 1);
    lade_flow_free(flow);
}
END_TEST

START_TEST(a_link_to_a_folder_above_is_a_problem) {
    make_tree();
    int64_t images = scan((struct lade_scan_options){.follow_links = true});
    /* elsewhere/a.png is counted in the class "elsewhere" and through the link. */
    ck_assert_int_eq(images, IMAGES + 1 + 2 + 1 + 1);
    ck_assert_int_eq(counts[LADE_IGNORED_LINK], 0);
    ck_assert_int_eq(problems, 1);
}
END_TEST

START_TEST(unreadable_entries_are_in_one_count) {
    tree_folder("c");
    tree_folder("c/closed");
    tree_bytes("c/a.png", "", 0);
    tree_bytes("c/secret", "text", 4);
    ck_assert_int_eq(chmod(tree_path("c/closed"), 0), 0);
    ck_assert_int_eq(chmod(tree_path("c/secret"), 0), 0);
    tree_as_nobody();
    int64_t images = scan((struct lade_scan_options){.all_files = true});
    tree_as_before();
    ck_assert_int_eq(chmod(tree_path("c/closed"), 0755), 0);
    ck_assert_int_eq(images, 1);
    ck_assert_int_eq(problems, 1);
    ck_assert_int_eq(reported, 1);
    REPORTED("unreadable c/secret");
}
END_TEST

START_TEST(reasons_have_names) {
    ck_assert_str_eq(lade_ignored_name(LADE_IGNORED_SUFFIX), "suffix");
    ck_assert_str_eq(lade_ignored_name(LADE_IGNORED_COUNT), "unknown");
    for (int r = 0; r < LADE_IGNORED_COUNT; r++)
        ck_assert_str_ne(lade_ignored_name((enum lade_ignored)r), "unknown");
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow ignored");
    tcase_add_test(tcase, every_entry_is_an_image_or_has_one_reason);
    tcase_add_test(tcase, the_content_decides_with_all_files);
    tcase_add_test(tcase, a_link_to_a_folder_above_is_a_problem);
    tcase_add_test(tcase, unreadable_entries_are_in_one_count);
    tcase_add_test(tcase, reasons_have_names);
}
