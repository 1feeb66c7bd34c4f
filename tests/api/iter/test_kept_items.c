/*
 * Tests that items stay valid if a function keeps them for later. The items are strings that a generator overwrites,
 * compound literals, and lists of char. Also tests that a container never begins at the start of a page.
 */
#include "support/check_main.h"

#include <lade/itertools.h>
#include <lade/lade.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <lade/short_itertools.h>

/* ---- Strings ----------------------------------------------------------------------------------------------------- */

/* Yields n words, which are all stored in the same memory. The generator overwrites a word when the next word is
   requested, and frees the memory at its end. */
generator_static(const char *, words, int, n)
{
    auto_cleanup(freep) char *word = malloc(16);
    for (int i = 0; i < n; i++) {
        snprintf(word, 16, "w%.*s", (i * 7) % 5, "-----");
        snprintf(word + strlen(word), 8, "%d", i);
        yield(word);
        memset(word, '?', 15);
    }
}

static const char *longer(const char *a, const char *b) {
    return strlen(b) > strlen(a) ? b : a;
}
static const char *longer_than(const char *a, const char *b, const size_t *least) {
    return strlen(b) > *least ? longer(a, b) : a;
}
static const char *rest(const char *s) {
    return s + 1;
}
static size_t length(const char *s) {
    return strlen(s);
}

static void assert_words(const char *const *list, const char *expected) {
    char text[256] = "";
    for (size_t i = 0; i < len(list); i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", list[i]);
    ck_assert_str_eq(text, expected);
}
#define assert_list(g, expected)                \
    do {                                        \
        list_auto(const char *) made = list(g); \
        assert_words(made, expected);           \
    } while (0)
#define ALL "w0 w--1 w----2 w-3 w---4"

START_TEST(combinators_keep_strings) {
    assert_list(take(cycle(words(5)), 7), ALL " w0 w--1");
    assert_list(sorted_by(length, shuffle(words(5), 2, 1)), "w0 w-3 w--1 w---4 w----2");
    assert_list(sorted_by(length, shuffle(words(5), 9, 1)), "w0 w-3 w--1 w---4 w----2");
    assert_list(prefetch(words(5), 2), ALL);
    assert_list(accumulate_by(longer, words(5)), "w0 w--1 w----2 w----2 w----2");
    assert_list(parallel_map(rest, words(5), 2), "0 --1 ----2 -3 ---4");
    for_each (w, window(words(5), 3))
        ck_assert(w[0][0] == 'w' && w[1][0] == 'w' && w[2][0] == 'w' && strcmp(w[0], w[1]));
    gen(const char *) two[2];
    ck_assert_int_eq(tee(words(5), 2, two), LADE_OK);
    assert_list(two[0], ALL);
    assert_list(two[1], ALL);
    gen_free(two[0]);
    gen_free(two[1]);
}
END_TEST

START_TEST(combinators_that_are_closed_free_strings) { /* a leak checker reports an error if a string is not freed */
    ck_assert_str_eq(first(drop(cycle(words(5)), 6), ""), "w--1");
    ck_assert_str_eq(first(accumulate_by(longer, words(5)), ""), "w0");
    ck_assert_uint_eq(strlen(first(shuffle(words(5), 3, 1), "")) > 1, 1);
    ck_assert_str_eq(first(prefetch(words(5), 3), ""), "w0");
    ck_assert_str_eq(first(parallel_map(rest, words(5), 2), ""), "0");
    for_each (w, window(words(5), 2)) {
        ck_assert_str_eq(w[1], "w--1");
        break;
    }
    gen_auto(const char *) p = peekable(words(5));
    ck_assert_str_eq(*peek(p), "w0");
}
END_TEST

START_TEST(reducers_keep_strings) {
    ck_assert_str_eq(reduce(longer, words(5), ""), "w----2");
    ck_assert_str_eq(reduce(longer, words(0), "none"), "none");
    const size_t least = 2;
    const char *longest = reduce_with(longer_than, &least, words(5), "");
    ck_assert_str_eq(longest, "w----2");
    longest = reduce_with(longer_than, &least, words(0), "none");
    ck_assert_str_eq(longest, "none");
    ck_assert_str_eq(max_by(length, words(5)), "w----2");
    ck_assert_str_eq(min_by(rest, words(5)), "w----2");
    ck_assert_str_eq(last(words(5), ""), "w---4");
    ck_assert_str_eq(nth(words(5), 3, ""), "w-3");
}
END_TEST

START_TEST(waiting_items_keep_strings) {
    gen_auto(const char *) p = peekable(words(5));
    list_auto(const char *) seen = spy(p, 3);
    assert_words(seen, "w0 w--1 w----2");
    ck_assert_int_eq(put_back(p, *next(p)), LADE_OK);
    assert_list(p, ALL);
    assert_words(seen, "w0 w--1 w----2");
}
END_TEST

START_TEST(structs_of_the_library_keep_strings) {
    char path[] = "/tmp/lade-kept-XXXXXX";
    FILE *f = fdopen(mkstemp(path), "w");
    fwrite("one\ntw\0o\nthree\n", 1, 15, f);
    fclose(f);
    list_auto(struct lade_line) lines = list(sized_lines(path));
    ck_assert_uint_eq(len(lines), 3);
    ck_assert_str_eq(lines[0].text, "one");
    ck_assert_mem_eq(lines[1].text, "tw\0o", 5);
    ck_assert_str_eq(lines[2].text, "three");
    struct lade_line none = {"", 0}, end = last(sized_lines(path), none), middle = nth(sized_lines(path), 1, none);
    ck_assert_str_eq(end.text, "three");
    ck_assert_mem_eq(middle.text, "tw\0o", 5);
    unlink(path);
    list_auto(struct lade_dir_entry) entries = list(lade_dir("/"));
    ck_assert_uint_gt(len(entries), 2);
    list_auto(struct lade_dir_entry) by_name = dict(lade_dir("/"), name);
    ck_assert_ptr_nonnull(dict_get(by_name, name, entries[0].name));
    for (size_t i = 0; i < len(entries); i++)
        ck_assert_ptr_ne(entries[i].name, entries[(i + 1) % len(entries)].name);
}
END_TEST

/* ---- Compound literals ------------------------------------------------------------------------------------------- */

static bool less(const long *x, const long *limit) {
    return *x < *limit;
}
static void times(const long *x, long *result, const long *factor) {
    *result = *x * *factor;
}
static gen_owned(long) made_here(void) {
    return map_with(long, times, &(long){3}, take(from_array(((long[]){1, 2, 3, 4})), 3));
}

START_TEST(a_compound_literal_is_copied) {
    gen_auto(long) g = made_here();
    ck_assert_int_eq(sum(g), 18);
    ck_assert_int_eq(sum(filter_with(less, ((long[]){5, 6}), drop(range(9), 1))), 10);
    int n = 0;
    for_each (c, take(from_string((char[]){"hello"}), 3))
        ck_assert_int_eq(c, "hel"[n++]);
    ck_assert_int_eq(n, 3);
}
END_TEST

START_TEST(a_variable_is_not_copied) {
    long numbers[] = {1, 2}, limit = 1;
    gen_auto(long) g = filter_with(less, &limit, from_array(numbers));
    numbers[1] = 5;
    limit = 10;
    ck_assert_int_eq(sum(g), 6);
}
END_TEST

/* ---- Containers -------------------------------------------------------------------------------------------------- */

START_TEST(a_list_of_char_is_a_string) {
    list_auto(char) s = list(from_string("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"));
    ck_assert_str_eq(s, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
    list_auto(char) none = list(from_string(""));
    ck_assert_str_eq(none, "");
    for_each (b, batched(from_string("abcdefg"), 3))
        ck_assert_uint_eq(strlen(b), len(b));
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    lade_print_to(f, list(from_string("ab")));
    lade_print_to(f, s + 50);
    fclose(f);
    ck_assert_str_eq(text, "['a', 'b']\nyz\n");
    free(text);
}
END_TEST

START_TEST(a_pointer_to_the_start_of_a_page_is_checked) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_int_eq(munmap(pages, page), 0);
    long *numbers = (long *)(void *)(pages + page);
    struct lade_error err = {0};
    ck_assert_int_eq(sum(numbers, &err), 0);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    munmap(numbers, page);
}
END_TEST

/* The most recent block of the allocator begins this number of bytes after the beginning of a page. Each block begins
   16 bytes later in its page than the block before; after 256 blocks, the offsets repeat. */
static size_t offset;
struct block_header {
    char *start;
    size_t size;
};
static void release(void *ctx, void *block);
static void *resize(void *ctx, void *block, size_t size) {
    (void)ctx;
    offset = (offset + 16) % 4096;
    struct block_header header = {.size = size, .start = aligned_alloc(4096, (3 * 4096 + size) / 4096 * 4096)};
    char *fresh = header.start + 4096 + offset;
    memcpy(fresh - sizeof header, &header, sizeof header);
    if (block) {
        memcpy(&header, (char *)block - sizeof header, sizeof header);
        memcpy(fresh, block, header.size < size ? header.size : size);
        release(ctx, block);
    }
    return fresh;
}
static void release(void *ctx, void *block) {
    struct block_header header;
    (void)ctx;
    if (!block)
        return;
    memcpy(&header, (char *)block - sizeof header, sizeof header);
    free(header.start);
}

START_TEST(a_container_never_begins_a_page) {
    const struct lade_allocator allocator = {.resize = resize, .release = release};
    lade_set_allocator(&allocator);
    for (long n = 0; n < 600; n++) {
        list_auto(long) l = list(range(n));
        ck_assert_uint_ne((uintptr_t)l % 4096, 0);
        ck_assert_int_eq(sum(l), n * (n - 1) / 2);
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "kept items");
    tcase_add_test(tcase, combinators_keep_strings);
    tcase_add_test(tcase, combinators_that_are_closed_free_strings);
    tcase_add_test(tcase, reducers_keep_strings);
    tcase_add_test(tcase, waiting_items_keep_strings);
    tcase_add_test(tcase, structs_of_the_library_keep_strings);
    tcase_add_test(tcase, a_compound_literal_is_copied);
    tcase_add_test(tcase, a_variable_is_not_copied);
    tcase_add_test(tcase, a_list_of_char_is_a_string);
    tcase_add_test(tcase, a_pointer_to_the_start_of_a_page_is_checked);
    tcase_add_test(tcase, a_container_never_begins_a_page);
}
