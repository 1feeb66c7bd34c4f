/* Tests of the safetensors reader, and of the atomic replacement of files. The reader gets headers in which each field
   is invalid, and files that are cut at each byte. */
#define _GNU_SOURCE /* memmem */
#include "base/atomic_file.h"
#include "train/file/safetensors.h"

#include <fcntl.h>
#include <lade/train.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/check_main.h"

#define TENSOR(name, dtype, shape, begin, end) \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":[" #begin "," #end "]}"

static int parse(const char *header, uint64_t data_size, struct lade_error *err) {
    struct lade__safetensors s;
    int status = lade__safetensors_parse(&s, header, strlen(header), data_size, err);
    if (status == LADE_OK)
        lade__safetensors_close(&s);
    return status;
}

START_TEST(a_valid_header_is_parsed) {
    static const char header[] = "{" TENSOR("b", "U8", "[3]", 24, 27) ",\"__metadata__\":{\"k\":\"v\"}," TENSOR(
        "a", "F32", "[2,3]", 0, 24) "," TENSOR("empty", "F64", "[0,9]", 27, 27) "," TENSOR("scalar", "BF16", "[]", 27,
                                                                                           29) "}   ";
    struct lade__safetensors s;
    struct lade_error err = {0};
    ck_assert_msg(lade__safetensors_parse(&s, header, strlen(header), 29, &err) == LADE_OK, "%s", err.message);
    ck_assert_int_eq(s.count, 4);
    const struct lade__safetensor *t = lade__safetensors_find(&s, "a");
    ck_assert_str_eq(t->dtype, "F32");
    ck_assert_int_eq(t->shape.ndim, 2);
    ck_assert_int_eq(t->shape.size[0], 2);
    ck_assert_int_eq(t->shape.size[1], 3);
    ck_assert_uint_eq(t->begin, 0);
    ck_assert_uint_eq(t->end, 24);
    ck_assert_int_eq(lade__safetensors_find(&s, "scalar")->shape.ndim, 0);
    ck_assert_ptr_null(lade__safetensors_find(&s, "c"));
    ck_assert_ptr_null(lade__safetensors_find(&s, "__metadata__"));
    ck_assert_str_eq(lade__safetensors_meta(&s, "k"), "v");
    ck_assert_ptr_null(lade__safetensors_meta(&s, "l"));
    lade__safetensors_close(&s);

    ck_assert_int_eq(parse("{}", 0, NULL), LADE_OK);
    ck_assert_int_eq(lade__safetensors_parse(&s, "{}", 2, 0, NULL), LADE_OK);
    ck_assert_ptr_null(lade__safetensors_meta(&s, "k"));
    lade__safetensors_close(&s);
}
END_TEST

static const struct {
    const char *header;
    uint64_t data_size;
    int code;
    const char *value; /* a part of the error message: the name or the value of the field */
} bad[] = {
    {"", 0, LADE_EFORMAT, "JSON"},
    {"{", 0, LADE_EFORMAT, "JSON"},
    {"{} x", 0, LADE_EFORMAT, "JSON"},
    {"[]", 0, LADE_EFORMAT, "object"},
    {"{\"a\":3}", 0, LADE_EFORMAT, "\"a\""},
    {"{\"a\":{}}", 0, LADE_EFORMAT, "\"dtype\""},
    {"{\"a\":{\"dtype\":3}}", 0, LADE_EFORMAT, "\"dtype\""},
    {"{\"a\":{\"dtype\":\"F32\"}}", 0, LADE_EFORMAT, "\"shape\""},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, LADE_EFORMAT, "\"data_offsets\""},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, LADE_EFORMAT, "\"data_offsets\""},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,5]}}", 4, LADE_EFORMAT, "\"data_offsets\""},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4.0]}}", 4, LADE_EFORMAT, "\"data_offsets\""},
    {"{" TENSOR("a", "F32", "3", 0, 4) "}", 4, LADE_EFORMAT, "\"shape\""},
    {"{" TENSOR("a", "F32", "[1.5]", 0, 4) "}", 4, LADE_EFORMAT, "\"shape\""},
    {"{" TENSOR("a", "F32", "[-1]", 0, 4) "}", 4, LADE_EFORMAT, "\"shape\""},
    {"{" TENSOR("a", "F32", "[1,1,1,1,1,1,1,1,1]", 0, 4) "}", 4, LADE_EFORMAT, "8"},
    {"{" TENSOR("a", "F32", "[4611686018427387904]", 0, 4) "}", 4, LADE_EFORMAT, "\"shape\""},
    {"{" TENSOR("a", "F32", "[4294967296,4294967296]", 0, 0) "}", 0, LADE_EFORMAT, "\"shape\""},
    {"{" TENSOR("a", "F32", "[99999999999999999999]", 0, 0) "}", 0, LADE_EFORMAT, "JSON"},
    {"{" TENSOR("a", "F32", "[1]", 4, 0) "}", 4, LADE_EFORMAT, "\"data_offsets\""},
    {"{" TENSOR("a", "F32", "[1]", -4, 0) "}", 4, LADE_EFORMAT, "\"data_offsets\""},
    {"{" TENSOR("a", "F32", "[2]", 0, 8) "}", 4, LADE_EFORMAT, "truncated"},
    {"{" TENSOR("a", "F32", "[2]", 0, 4) "}", 4, LADE_EFORMAT, "\"data_offsets\""},
    {"{" TENSOR("a", "F32", "[1]", 0, 4) "}", 5, LADE_EFORMAT, "1 bytes"},
    {"{" TENSOR("a", "F32", "[1]", 4, 8) "}", 8, LADE_EFORMAT, "\"data_offsets\""},
    {"{" TENSOR("a", "F32", "[2]", 0, 8) "," TENSOR("b", "F32", "[2]", 4, 12) "}", 12, LADE_EFORMAT, "\"b\""},
    {"{" TENSOR("a", "F32", "[1]", 0, 4) "," TENSOR("a", "F32", "[1]", 0, 4) "}", 4, LADE_EFORMAT, "JSON"},
    {"{\"__metadata__\":3}", 0, LADE_EFORMAT, "\"__metadata__\""},
    {"{\"__metadata__\":{\"a\":3}}", 0, LADE_EFORMAT, "\"__metadata__\""},
    {"{\"a\\u001b[31m\":3}", 0, LADE_EFORMAT, "\"a?[31m\""},
    {"{\"a\xff\":3}", 0, LADE_EFORMAT, "JSON"},
    {"{\"a\\u0000b\":3}", 0, LADE_EFORMAT, "JSON"},
};

START_TEST(invalid_headers_are_refused) {
    struct lade_error err = {0};
    ck_assert_int_eq(parse(bad[_i].header, bad[_i].data_size, &err), bad[_i].code);
    ck_assert_int_eq(err.code, bad[_i].code);
    ck_assert_msg(strstr(err.message, bad[_i].value), "%s: %s", bad[_i].header, err.message);
}
END_TEST

START_TEST(deep_nesting_does_not_overflow_the_stack) {
    size_t length = 10 << 20;
    char *deep = malloc(length);
    struct lade__safetensors s;
    struct lade_error err = {0};
    memset(deep, '[', length);
    ck_assert_int_eq(lade__safetensors_parse(&s, deep, length, 0, &err), LADE_EFORMAT);
    ck_assert_ptr_nonnull(strstr(err.message, "nested too deeply"));
    free(deep);
}
END_TEST

/* A net looks up each of its tensors several times. The look-up must be fast even if the header has many names. */
START_TEST(tensors_are_found_quickly) {
    enum { COUNT = 20000, ENTRY = 80 };
    char *header = malloc((size_t)COUNT * ENTRY), *end = header, name[16];
    struct lade__safetensors s;
    for (int i = 0; i < COUNT; i++)
        end += sprintf(end, "%c" TENSOR("t%d", "F32", "[0]", 0, 0), i ? ',' : '{', i);
    strcpy(end, "}");
    clock_t begin = clock();
    ck_assert_int_eq(lade__safetensors_parse(&s, header, strlen(header), 0, NULL), LADE_OK);
    clock_t parsed = clock();
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "t%d", i);
        const struct lade__safetensor *t = lade__safetensors_find(&s, name);
        ck_assert(t && strcmp(t->name, name) == 0);
    }
    clock_t found = clock();
    ck_assert_msg(found - parsed < parsed - begin, "parsed in %ld, found in %ld", (long)(parsed - begin),
                  (long)(found - parsed));
    ck_assert_ptr_null(lade__safetensors_find(&s, "t"));
    ck_assert_ptr_null(lade__safetensors_find(&s, "u"));
    lade__safetensors_close(&s);
    free(header);
}
END_TEST

/* ---- Files ------------------------------------------------------------------------------------------------------- */

static char folder[40], path[64], beside[64]; /* beside: the temporary file that replaces `path` */

/* Makes a folder, in memory if possible, because files are synced hundreds of times. */
static void make_folder(void) {
    snprintf(folder, sizeof folder, "%s/lade-test-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
    snprintf(beside, sizeof beside, "%s/file.tmp", folder);
}

static void remove_folder(void) {
    unlink(path);
    ck_assert_msg(rmdir(folder) == 0, "%s still contains files", folder);
}

static void put(const void *bytes, size_t size) {
    FILE *f = fopen(path, "wb");
    ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
    fclose(f);
}

static size_t get(const char *from, unsigned char *bytes, size_t capacity) {
    FILE *f = fopen(from, "rb");
    ck_assert_ptr_nonnull(f);
    size_t size = fread(bytes, 1, capacity, f);
    fclose(f);
    return size;
}

/* Stores the file of a small net in @bytes. Returns the size of the file. */
static size_t small_file(unsigned char bytes[4096]) {
    static const char *const names[] = {"cat", "dog", "electric eel"};
    lade_net *net = lade_net_new("dense 2, relu, dense 3", 1, (int64_t[]){2},
                                 &(struct lade_net_options){.threads = 1, .class_names = names}, NULL);
    ck_assert_int_eq(lade_net_save(net, path, NULL), LADE_OK);
    lade_net_free(net);
    size_t size = get(path, bytes, 4096);
    ck_assert(size > 300 && size < 4096);
    return size;
}

/* Checks that lade_net_load() refuses the file at `path`. Returns the error. */
static struct lade_error ck_assert_refused(void) {
    struct lade_error err = {0};
    lade_net *net = lade_net_load(path, 1, &err);
    ck_assert_ptr_null(net);
    ck_assert_int_lt(err.code, 0);
    ck_assert_str_eq(err.subject, path);
    return err;
}

START_TEST(a_file_cut_anywhere_is_refused) {
    unsigned char bytes[4096];
    size_t size = small_file(bytes);
    for (size_t cut = 0; cut < size; cut++) {
        put(bytes, cut);
        struct lade_error err = ck_assert_refused();
        ck_assert_int_eq(err.code, LADE_EFORMAT);
        ck_assert_msg(strstr(err.message, "truncated") != NULL, "%zu: %s", cut, err.message);
    }
    bytes[size] = 0;
    put(bytes, size + 1);
    ck_assert_int_eq(ck_assert_refused().code, LADE_EFORMAT);
}
END_TEST

/* Changes each bit of the header. The reader must refuse or load the file, and must not crash. */
START_TEST(a_header_with_any_bit_changed_does_no_harm) {
    unsigned char bytes[4096];
    size_t size = small_file(bytes), header = 8 + bytes[0] + 256u * bytes[1];
    int loaded = 0;
    for (size_t at = 0; at < header; at++)
        for (int bit = 0; bit < 8; bit++) {
            bytes[at] ^= (unsigned char)(1 << bit);
            put(bytes, size);
            struct lade_error err = {0};
            lade_net *net = lade_net_load(path, 1, &err);
            ck_assert((net == NULL) == (err.code < 0));
            loaded += net != NULL;
            lade_net_free(net);
            bytes[at] ^= (unsigned char)(1 << bit);
        }
    ck_assert_int_gt(loaded, 0); /* some changes are allowed, for example a changed letter in a class name */
    ck_assert_int_lt(loaded, (int)header * 8 / 2);
}
END_TEST

/* Replaces the text @from in the header by the text @to, which has the same length. The error must have the status
   @code, and its message must contain @want. */
static void ck_assert_change(const char *from, const char *to, int code, const char *want) {
    unsigned char bytes[4096];
    size_t size = small_file(bytes);
    unsigned char *at = memmem(bytes, size, from, strlen(from));
    ck_assert_msg(at != NULL, "%s", from);
    ck_assert_uint_eq(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    put(bytes, size);
    struct lade_error err = ck_assert_refused();
    ck_assert_msg(strstr(err.message, want) != NULL, "the message is: %s, but should contain: %s", err.message, want);
    ck_assert_int_eq(err.code, code);
}

START_TEST(changed_headers_are_refused) {
    ck_assert_change("\"lade.format\":\"1\"", "\"lade.format\":\"2\"", LADE_EUNSUPPORTED, "lade.format");
    ck_assert_change("lade.format", "nade.format", LADE_EFORMAT, "\"lade.format\"");
    ck_assert_change("lade.spec", "lade.spex", LADE_EFORMAT, "no \"lade.spec\"");
    ck_assert_change("dense 3\"", "dense 4\"", LADE_EFORMAT, "\"2.weight\": its \"shape\" is 3x2");
    ck_assert_change("dense 2,", "dense0 ,", LADE_EFORMAT, "layer 0");
    ck_assert_change("relu, d", "flatten", LADE_EFORMAT, "layer 1");
    ck_assert_change("\"lade.sample_shape\":\"2\"", "\"lade.sample_shape\":\"x\"", LADE_EFORMAT, "lade.sample_shape");
    ck_assert_change("\"lade.sample_shape\":\"2\"", "\"lade.sample_shape\":\"0\"", LADE_EFORMAT, "shape of a sample");
    ck_assert_change("softmax_cross", "softmin_cross", LADE_EFORMAT, "lade.loss");
    ck_assert_change("\"lade.seed\":\"0\"", "\"lade.seed\":\"-\"", LADE_EFORMAT, "lade.seed");
    ck_assert_change("[\\\"cat\\\",", "[       ,", LADE_EFORMAT, "lade.class_names");
    ck_assert_change("[\\\"cat\\\",", "[        ", LADE_EFORMAT, "lade.class_names");
    ck_assert_change("\\\"cat\\\"", "3      ", LADE_EFORMAT, "lade.class_names");
    ck_assert_change("[\\\"cat\\\",\\\"dog\\\",\\\"electric eel\\\"]", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
                     LADE_EFORMAT, "\"lade.class_names\" in \"__metadata__\" is damaged: it is nested too deeply");
    ck_assert_change("\"0.bias\"", "\"1.bias\"", LADE_EFORMAT, "tensor \"0.bias\" is missing");
    ck_assert_change("F32", "I32", LADE_EUNSUPPORTED, "\"dtype\" is I32");
}
END_TEST

/* F16 and BF16 are converted exactly. A tensor of an unknown type does not prevent reading the other tensors. */
START_TEST(short_floats_are_read) {
    static const char header[] = "{" TENSOR("half", "F16", "[8]", 0, 16) "," TENSOR(
        "brain", "BF16", "[2,2]", 16, 24) "," TENSOR("new", "F4_E2M1", "[3]", 24, 26) "}";
    static const uint16_t values[] = {0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000, 0x83ff,
                                      0x3555, 0x3f80, 0xc0a0, 0x0001, 0xff80, 0};
    static const float want[] = {1,           -2,          0x1p-24f, 65504, INFINITY,  -0.f,
                                 -0x3ffp-24f, 0x1.554p-2f, 1,        -5,    0x1p-133f, -INFINITY};
    unsigned char bytes[8 + sizeof header - 1 + sizeof values] = {sizeof header - 1};
    _Static_assert(sizeof header - 1 < 256, "the length fits into one byte");
    memcpy(bytes + 8, header, sizeof header - 1);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        bytes[8 + sizeof header - 1 + 2 * i] = (unsigned char)values[i];
        bytes[8 + sizeof header + 2 * i] = (unsigned char)(values[i] >> 8);
    }
    put(bytes, sizeof bytes);
    struct lade__safetensors s;
    struct lade_error err = {0};
    float got[12];
    ck_assert_msg(lade__safetensors_open(&s, path, &err) == LADE_OK, "%s", err.message);
    const struct lade__safetensor *half = lade__safetensors_find(&s, "half"),
                                  *brain = lade__safetensors_find(&s, "brain");
    ck_assert(lade__safetensors_can_read(half) && lade__safetensors_can_read(brain));
    ck_assert(!lade__safetensors_can_read(lade__safetensors_find(&s, "new")));
    ck_assert_int_eq(lade__safetensors_read(&s, half, got, &err), LADE_OK);
    ck_assert_int_eq(lade__safetensors_read(&s, brain, got + 8, &err), LADE_OK);
    for (int i = 0; i < 12; i++)
        ck_assert_msg(memcmp(&got[i], &want[i], sizeof *got) == 0, "value %d: %g, not %g", i, (double)got[i],
                      (double)want[i]);
    lade__safetensors_close(&s);
    unlink(path);
}
END_TEST

START_TEST(other_kinds_of_files_are_refused) {
    struct lade_error err = {0};
    ck_assert_ptr_null(lade_net_load(path, 1, &err));
    ck_assert_int_eq(err.code, LADE_ENOENT);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    err = ck_assert_refused(); /* the reader must not wait for a writer of the pipe */
    ck_assert_int_eq(err.code, LADE_EUNSUPPORTED);
    unlink(path);
    ck_assert_ptr_null(lade_net_load(folder, 1, &err));
    ck_assert_int_eq(err.code, LADE_EUNSUPPORTED);
}
END_TEST

START_TEST(a_header_above_the_limit_takes_no_memory) {
    unsigned char bytes[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    put(bytes, 8);
    ck_assert_int_eq(ck_assert_refused().code, LADE_EFORMAT);
    put((unsigned char[8]){1, 0, 0, 1}, 8); /* 16 MiB and one byte */
    ck_assert_int_eq(truncate(path, (17 << 20)), 0);
    ck_assert_int_eq(ck_assert_refused().code, LADE_ELIMIT);
}
END_TEST

/* A header that is too large for the reader must not be written, and must not replace a good file. */
START_TEST(a_header_above_the_limit_is_not_written) {
    enum { LIMIT = 16 << 20 };
    if (check_under_valgrind())
        CHECK_SKIP("valgrind takes half a minute for this test");
    struct lade_error err = {0};
    unsigned char bytes[16];
    char *text = malloc(LIMIT + 1);
    put("old", 3);
    for (int over = 0; over < 2; over++) { /* the header is {"__metadata__":{"k":"..."}} */
        size_t length = LIMIT - 25 + (size_t)over;
        memset(text, 'x', length);
        text[length] = '\0';
        int status = lade__safetensors_write(path, &(struct lade__meta){"k", text}, 1, NULL, NULL, 0, &err);
        ck_assert_int_eq(status, over ? LADE_ELIMIT : LADE_OK);
        struct lade__safetensors s;
        ck_assert_int_eq(lade__safetensors_open(&s, path, NULL), LADE_OK);
        ck_assert_uint_eq(strlen(lade__safetensors_meta(&s, "k")), LIMIT - 25);
        lade__safetensors_close(&s);
    }
    ck_assert_str_eq(err.subject, path);
    ck_assert_msg(strstr(err.message, "16777224") && strstr(err.message, "16777216"), "%s", err.message);
    ck_assert_uint_eq(get(path, bytes, sizeof bytes), sizeof bytes);
    ck_assert_int_ne(access(beside, F_OK), 0);
    free(text);
}
END_TEST

/* ---- Replacing a file -------------------------------------------------------------------------------------------- */

START_TEST(the_path_has_the_old_or_the_new_file) {
    struct lade__atomic_file a;
    unsigned char bytes[16];
    put("old", 3);
    ck_assert_int_eq(lade__atomic_open(&a, path, NULL), LADE_OK);
    fputs("newer", a.f);
    fflush(a.f);
    ck_assert_uint_eq(get(path, bytes, sizeof bytes), 3);
    ck_assert_int_eq(access(beside, F_OK), 0);
    lade__atomic_abort(&a);
    ck_assert_uint_eq(get(path, bytes, sizeof bytes), 3);
    ck_assert_int_ne(access(beside, F_OK), 0);

    ck_assert_int_eq(lade__atomic_open(&a, path, NULL), LADE_OK);
    fputs("newer", a.f);
    ck_assert_int_eq(lade__atomic_commit(&a, NULL), LADE_OK);
    ck_assert_uint_eq(get(path, bytes, sizeof bytes), 5);
    ck_assert_int_ne(access(beside, F_OK), 0);

    ck_assert_int_eq(lade__atomic_probe(path, NULL), LADE_OK);
    ck_assert_uint_eq(get(path, bytes, sizeof bytes), 5);
    ck_assert_int_ne(access(beside, F_OK), 0);
}
END_TEST

START_TEST(the_target_of_a_link_is_replaced) {
    struct lade__atomic_file a;
    char link[64];
    struct stat st;
    unsigned char bytes[16];
    snprintf(link, sizeof link, "%s/link", folder);
    put("old", 3);
    ck_assert_int_eq(symlink("file", link), 0);
    ck_assert_int_eq(lade__atomic_open(&a, link, NULL), LADE_OK);
    fputs("newer", a.f);
    ck_assert_int_eq(lade__atomic_commit(&a, NULL), LADE_OK);
    ck_assert(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
    ck_assert_uint_eq(get(path, bytes, sizeof bytes), 5);
    unlink(link);
}
END_TEST

START_TEST(the_missing_target_of_a_link_is_written) {
    struct lade__atomic_file a;
    char link[64], second[64];
    struct stat st;
    unsigned char bytes[16];
    snprintf(link, sizeof link, "%s/link", folder);
    snprintf(second, sizeof second, "%s/second", folder);
    ck_assert_int_eq(symlink("second", link), 0);
    ck_assert_int_eq(symlink(path, second), 0);
    ck_assert_int_eq(lade__atomic_open(&a, link, NULL), LADE_OK);
    fputs("newer", a.f);
    ck_assert_int_eq(lade__atomic_commit(&a, NULL), LADE_OK);
    ck_assert(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
    ck_assert(lstat(second, &st) == 0 && S_ISLNK(st.st_mode));
    ck_assert_uint_eq(get(path, bytes, sizeof bytes), 5);
    unlink(link);
    unlink(second);
}
END_TEST

static mode_t mode_of(const char *file) {
    struct stat st;
    ck_assert_int_eq(lstat(file, &st), 0);
    return st.st_mode & 07777;
}

START_TEST(permissions_stay_the_same) {
    static const mode_t modes[] = {0600, 0640, 0444, 0666};
    struct lade__atomic_file a;
    mode_t mask = umask(022);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        put("old", 3);
        ck_assert_int_eq(chmod(path, modes[i]), 0);
        ck_assert_int_eq(lade__atomic_open(&a, path, NULL), LADE_OK);
        ck_assert_uint_eq(mode_of(beside), 0600);
        fputs("newer", a.f);
        ck_assert_int_eq(lade__atomic_commit(&a, NULL), LADE_OK);
        ck_assert_uint_eq(mode_of(path), modes[i]);
        unlink(path);
    }
    ck_assert_int_eq(lade__atomic_open(&a, path, NULL), LADE_OK);
    ck_assert_int_eq(lade__atomic_commit(&a, NULL), LADE_OK);
    ck_assert_uint_eq(mode_of(path), 0644); /* there was no file before, so the file gets the usual permissions */
    umask(mask);
}
END_TEST

/* Replaces the file. Runs in a child process, as a user without the rights of root. */
static void replace_as_nobody(void) {
    struct lade__atomic_file a;
    struct lade_error err = {0};
    if (geteuid() == 0 && (setegid(65534) != 0 || chown(folder, 65534, 65534) != 0 || chown(path, 65534, 65534) != 0 ||
                           seteuid(65534) != 0))
        _exit(2);
    if (chmod(folder, 0300) != 0 || lade__atomic_open(&a, path, &err) < 0)
        _exit(3);
    fputs("newer", a.f);
    _exit(lade__atomic_commit(&a, &err) < 0);
}

/* A directory that is not readable cannot be synced. If this directory is writable, a file in the directory must still
   be replaced. */
START_TEST(a_directory_need_not_be_readable) {
    unsigned char bytes[16];
    int status;
    put("old", 3);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        replace_as_nobody();
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(chmod(folder, 0700), 0);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "exit status %x", status);
    ck_assert_uint_eq(get(path, bytes, sizeof bytes), 5);
}
END_TEST

START_TEST(another_writer_is_not_disturbed) {
    struct lade__atomic_file a, b;
    struct lade_error err = {0};
    unsigned char bytes[16];
    put("old", 3);
    ck_assert_int_eq(lade__atomic_open(&a, path, NULL), LADE_OK);
    fputs("newer", a.f);
    fflush(a.f);
    ck_assert_int_eq(lade__atomic_probe(path, NULL), LADE_OK);
    ck_assert_uint_eq(get(beside, bytes, sizeof bytes), 5);
    ck_assert_int_eq(lade__atomic_open(&b, path, &err), LADE_EBUSY);
    ck_assert_msg(strstr(err.message, beside), "%s", err.message);
    ck_assert_uint_eq(get(beside, bytes, sizeof bytes), 5);
    ck_assert_int_eq(lade__atomic_commit(&a, NULL), LADE_OK);
    ck_assert_uint_eq(get(path, bytes, sizeof bytes), 5);
    ck_assert_int_eq(lade__atomic_open(&b, path, NULL), LADE_OK);
    lade__atomic_abort(&b);
    ck_assert_uint_eq(get(path, bytes, sizeof bytes), 5);
}
END_TEST

START_TEST(the_temporary_file_of_a_killed_run_is_replaced) {
    struct lade__atomic_file a;
    unsigned char bytes[16];
    put("a longer text", 13);
    ck_assert_int_eq(rename(path, beside), 0);
    ck_assert_int_eq(lade__atomic_probe(path, NULL), LADE_OK);
    ck_assert_uint_eq(get(beside, bytes, sizeof bytes), 13);
    ck_assert_int_eq(lade__atomic_open(&a, path, NULL), LADE_OK);
    fputs("newer", a.f);
    ck_assert_int_eq(lade__atomic_commit(&a, NULL), LADE_OK);
    ck_assert_uint_eq(get(path, bytes, sizeof bytes), 5);
    ck_assert_int_ne(access(beside, F_OK), 0);
}
END_TEST

/* Saves a net to the same path many times. Returns the number of saves that failed with LADE_EBUSY, or -1 after another
   error. */
static int save_often(const char *spec, int times) {
    lade_net *net = lade_net_new(spec, 1, (int64_t[]){40}, &(struct lade_net_options){.threads = 1}, NULL);
    int refused = 0;
    for (int i = 0; i < times; i++) {
        struct lade_error err = {0};
        int status = lade_net_save(net, path, &err);
        if (status != LADE_OK && status != LADE_EBUSY)
            return -1;
        refused += status == LADE_EBUSY;
    }
    lade_net_free(net);
    return refused;
}

START_TEST(two_processes_do_not_mix_their_files) {
    enum { TIMES = 100 };
    static const char *const specs[] = {"dense 30", "dense 20, relu, dense 40"};
    pid_t children[2];
    int running = 2, loads = 0;
    ck_assert_int_ge(save_often(specs[0], 1), 0); /* makes the file */
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        ck_assert_int_ge(children[i], 0);
        if (children[i] == 0)
            _exit(save_often(specs[i], TIMES) < 0);
    }
    while (running > 0) {
        struct lade_error err = {0};
        lade_net *net = lade_net_load(path, 1, &err);
        ck_assert_msg(net != NULL, "after %d loads: %s", loads, err.message);
        const char *spec = lade_net_info(net)->spec;
        ck_assert(strcmp(spec, specs[0]) == 0 || strcmp(spec, specs[1]) == 0);
        loads++;
        lade_net_free(net);
        int status;
        if (waitpid(-1, &status, WNOHANG) > 0) {
            ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
                          "a save failed with an error other than LADE_EBUSY");
            running--;
        }
    }
    ck_assert_int_ne(access(beside, F_OK), 0);
}
END_TEST

START_TEST(a_pipe_as_temporary_file_is_an_error) {
    struct lade__atomic_file a;
    struct lade_error err = {0};
    ck_assert_int_eq(mkfifo(beside, 0600), 0);
    ck_assert_int_eq(lade__atomic_probe(path, NULL), LADE_EACCES);
    ck_assert_int_eq(lade__atomic_open(&a, path, &err), LADE_EACCES);
    ck_assert_msg(strstr(err.message, beside), "%s", err.message);
    int reader = open(beside, O_RDONLY | O_NONBLOCK); /* now the pipe has a reader */
    ck_assert_int_eq(lade__atomic_open(&a, path, &err), LADE_EACCES);
    close(reader);
    unlink(beside);
}
END_TEST

START_TEST(the_temporary_file_of_another_user_is_kept) {
    struct lade__atomic_file a;
    struct lade_error err = {0};
    unsigned char bytes[16];
    char second[64];
    snprintf(second, sizeof second, "%s/second", folder);
    put("theirs", 6);
    ck_assert_int_eq(link(path, beside), 0); /* a hard link, so the file has two names */
    ck_assert_int_eq(lade__atomic_open(&a, second, NULL), LADE_OK);
    lade__atomic_abort(&a);
    ck_assert_int_eq(lade__atomic_open(&a, path, &err), LADE_EACCES);
    unlink(path);
    if (geteuid() == 0) {
        ck_assert_int_eq(chown(beside, 65534, 65534) | chmod(beside, 0666), 0);
        ck_assert_int_eq(lade__atomic_probe(path, NULL), LADE_EACCES);
        ck_assert_int_eq(lade__atomic_open(&a, path, &err), LADE_EACCES);
    } else {
        CHECK_SKIP_PART("only root can give a file to another user");
    }
    ck_assert_uint_eq(get(beside, bytes, sizeof bytes), 6);
    unlink(beside);
}
END_TEST

START_TEST(a_link_as_temporary_file_is_not_followed) {
    struct lade__atomic_file a;
    struct lade_error err = {0};
    char victim[64];
    unsigned char bytes[16];
    snprintf(victim, sizeof victim, "%s/victim", folder);
    put("old", 3);
    ck_assert_int_eq(rename(path, victim), 0);
    ck_assert_int_eq(symlink("victim", beside), 0);
    ck_assert_int_lt(lade__atomic_open(&a, path, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.message, beside));
    ck_assert_uint_eq(get(victim, bytes, sizeof bytes), 3);
    unlink(beside);
    unlink(victim);
}
END_TEST

START_TEST(a_full_disk_is_an_error) {
    struct lade__atomic_file a;
    struct lade_error err = {0};
    ck_assert_int_eq(lade__atomic_probe("/dev/full", &err), LADE_OK);
    ck_assert_int_eq(lade__atomic_open(&a, "/dev/full", &err), LADE_OK);
    fputs("new", a.f);
    ck_assert_int_eq(lade__atomic_commit(&a, &err), LADE_EIO);
    ck_assert_str_eq(err.subject, "/dev/full");
    ck_assert_int_eq(lade__atomic_open(&a, "/dev/full/net", &err), LADE_ENOENT); /* /dev/full is not a directory */
    ck_assert_int_eq(lade__atomic_probe("/no such folder/net", &err), LADE_ENOENT);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *headers = check_case(suite, "headers");
    tcase_add_test(headers, a_valid_header_is_parsed);
    tcase_add_loop_test(headers, invalid_headers_are_refused, 0, (int)(sizeof bad / sizeof *bad));
    tcase_add_test(headers, deep_nesting_does_not_overflow_the_stack);
    tcase_add_test(headers, tensors_are_found_quickly);
    TCase *files = check_case(suite, "files");
    tcase_add_checked_fixture(files, make_folder, remove_folder);
    tcase_add_test(files, a_file_cut_anywhere_is_refused);
    tcase_add_test(files, a_header_with_any_bit_changed_does_no_harm);
    tcase_add_test(files, changed_headers_are_refused);
    tcase_add_test(files, short_floats_are_read);
    tcase_add_test(files, other_kinds_of_files_are_refused);
    tcase_add_test(files, a_header_above_the_limit_takes_no_memory);
    tcase_add_test(files, a_header_above_the_limit_is_not_written);
    tcase_add_test(files, the_path_has_the_old_or_the_new_file);
    tcase_add_test(files, the_target_of_a_link_is_replaced);
    tcase_add_test(files, the_missing_target_of_a_link_is_written);
    tcase_add_test(files, permissions_stay_the_same);
    tcase_add_test(files, a_directory_need_not_be_readable);
    tcase_add_test(files, another_writer_is_not_disturbed);
    tcase_add_test(files, the_temporary_file_of_a_killed_run_is_replaced);
    tcase_add_test(files, two_processes_do_not_mix_their_files);
    tcase_add_test(files, a_pipe_as_temporary_file_is_an_error);
    tcase_add_test(files, the_temporary_file_of_another_user_is_kept);
    tcase_add_test(files, a_link_as_temporary_file_is_not_followed);
    tcase_add_test(files, a_full_disk_is_an_error);
}
