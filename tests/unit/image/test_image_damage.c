/* Compares lade_image_check() with Image.load() of Pillow. The compared files are damaged copies of the files of
   tests/golden and of a few larger files. There are 20 kinds of damage: a copy is cut at one of 10 places, or bytes are
   overwritten or removed in one of 10 ways. The test prints a table of the results.

   LADE_DAMAGED=N sets the number of damaged files of each format. LADE_PILLOW_PYTHON names a Python interpreter with
   another version of Pillow. AVIF files are compared only if this Pillow reads AVIF. */
#include "support/invalid_images.h"
#include "support/python_pillow.h"

enum { KINDS = 20, LARGE = 12, FORMATS = LADE_FORMAT_COUNT, MOST_DAMAGED = 1 << 20 };

static const char *const kind_names[KINDS] = {"cut 1",      "cut 2",   "cut 10",   "cut 100",   "cut 5%",
                                              "cut 10%",    "cut 25%", "cut 50%",  "cut 75%",   "cut 90%",
                                              "1 bit",      "1 byte",  "4 random", "16 random", "64 random",
                                              "512 random", "16 zero", "512 zero", "512 ones",  "16 lost"};

static uint8_t *damaged; /* a damaged copy of a file */
static size_t damaged_n;

static void overwrite(size_t at, size_t count, int value) {
    for (size_t i = at; i < at + count && i < damaged_n; i++)
        damaged[i] = (uint8_t)(value < 0 ? (int)lade_random_below(&dice, 256) : value);
}

/* Makes a damaged copy of a file. The first 32 bytes are not overwritten, because they contain the format and the
   size. */
static void damage(const uint8_t *bytes, size_t n, int kind) {
    static const size_t cuts[] = {1, 2, 10, 100}, fractions[] = {5, 10, 25, 50, 75, 90};
    static const int counts[] = {0, 1, 4, 16, 64, 512, 16, 512, 512};
    size_t at = n > 40 ? 32 + (size_t)lade_random_below(&dice, n - 32) : n - 1;
    damaged_n = n;
    memcpy(damaged, bytes, n);
    if (kind < 4)
        damaged_n = n > cuts[kind] ? n - cuts[kind] : n / 2;
    else if (kind < 10)
        damaged_n = n - n * fractions[kind - 4] / 100;
    else if (kind == 10)
        damaged[at] ^= (uint8_t)(1 << lade_random_below(&dice, 8));
    else if (kind < 19)
        overwrite(at, (size_t)counts[kind - 10], kind < 16 ? -1 : kind < 18 ? 0 : 255);
    else {
        size_t lost = n - at < 16 ? n - at : 16;
        memmove(damaged + at, damaged + at + lost, n - at - lost);
        damaged_n = n - lost;
    }
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

/* A valid file. If `bytes` is NULL, large_file() makes the file with the number `number`. */
struct original {
    const char *name;
    const uint8_t *bytes;
    size_t n;
    int number;
};

static struct original originals[FORMATS][MOST_FILES];
static int original_count[FORMATS];

static struct lade__encoded large_file(int i) {
    int width = 100 + 37 * i, height = 90 + 11 * i;
    return i % 3 == 2 ? sample_png(width, height, i % 2 ? 4 : 3) : sample_jpeg(width, height, 3, i % 3 == 1);
}

static void add_original(enum lade_format format, struct original original) {
    originals[format][original_count[format]++] = original;
}

/* Returns true if lade can read the valid file. It refuses some kinds of TIFF with samples of 16 and 32 bits. */
static bool is_read(const struct file *file) {
    return readable(file) && lade_image_check(decoder, file->bytes, file->n, NULL, NULL) == LADE_OK;
}

/* Sorts the files by format. */
static void find_originals(void) {
    for (int i = 0; i < file_count; i++) {
        enum lade_format format = LADE_FORMAT_UNKNOWN;
        lade_format_from_name(strrchr(files[i].name, '.') + 1, &format, NULL);
        if (is_read(&files[i]))
            add_original(format, (struct original){files[i].name, files[i].bytes, files[i].n, 0});
    }
    for (int i = 0; i < LARGE; i++)
        if (i % 3 == 2)
            add_original(LADE_FORMAT_PNG, (struct original){.name = "large.png", .number = i});
        else
            add_original(LADE_FORMAT_JPEG, (struct original){.name = "large.jpg", .number = i});
}

/* A file of the table. */
struct row {
    char name[96];
    enum lade_format format;
    int kind, status;
    bool defect;
    char cause[200];
};

static struct row *rows;
static int row_count;

/* Checks the damaged copy and writes it to a file for Pillow. */
static void add_row(const char *folder, FILE *list, const char *name, enum lade_format format, int kind) {
    char path[512];
    struct lade_error err = {0};
    struct row *row = &rows[row_count++];
    *row = (struct row){.format = format, .kind = kind};
    snprintf(row->name, sizeof row->name, "%05d-%s", row_count, name);
    row->status = lade_image_check(decoder, damaged, damaged_n, NULL, &err);
    const char *warning = lade_decoder_warning(decoder);
    row->defect = warning != NULL;
    snprintf(row->cause, sizeof row->cause, "%s", row->status < 0 ? err.message : warning ? warning : "");
    snprintf(path, sizeof path, "%s/%s", folder, row->name);
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(damaged, 1, damaged_n, f), damaged_n);
    ck_assert_int_eq(fclose(f), 0);
    fprintf(list, "%s\n", path);
}

/* Damages @count copies of the files of a format. */
static void make_rows(const char *folder, FILE *list, enum lade_format format, int count) {
    for (int i = 0; i < count && original_count[format]; i++) {
        int file = i % original_count[format], kind = (i / original_count[format] + file) % KINDS;
        struct original original = originals[format][file];
        struct lade__encoded large = {0};
        if (!original.bytes) {
            large = large_file(original.number);
            original.bytes = large.data;
            original.n = large.size;
        }
        ck_assert_uint_lt(original.n, MOST_DAMAGED);
        damage(original.bytes, original.n, kind);
        add_row(folder, list, original.name, format, kind);
        lade_free(large.data);
    }
}

/* ---- The comparison ---------------------------------------------------------------------------------------------- */

static int table[FORMATS][4]; /* numbers of files: both good, both bad, only lade refuses, only Pillow refuses */

/* The differences from Pillow that are intended. A row applies to a file if the name without the number begins with
   `name`, and the message of lade contains `cause`. */
static const struct {
    enum lade_format format;
    bool pillow_good; /* Pillow can read the file and lade cannot, or the reverse */
    const char *name, *cause;
} known[] = {
    /* Pillow ignores the checksums of image data, and does not need the last bytes of this data. */
    {LADE_FORMAT_PNG, true, "", "checksum"},
    {LADE_FORMAT_PNG, true, "", "truncated"},
    /* Pillow ignores unknown bytes between blocks, and the rest of the image data after the last pixel. */
    {LADE_FORMAT_GIF, true, "", "GIF: "},
    /* giflib accepts a code that is larger than the next new code. */
    {LADE_FORMAT_GIF, false, "", ""},
    /* Pillow accepts a palette that is longer than the file. */
    {LADE_FORMAT_BMP, true, "", "palette"},
    /* Pillow refuses an image whose run lengths end early. In the format, the remaining pixels have colour 0. */
    {LADE_FORMAT_BMP, false, "rle", ""},
    {LADE_FORMAT_BMP, true, "rle", "truncated"},
    /* Pillow 9.4 accepts texts that end early, and other bytes after the last number. Pillow 13 does not. */
    {LADE_FORMAT_PNM, true, "1.pbm", "PNM: "},
    {LADE_FORMAT_PNM, true, "2-", "PNM: "},
    {LADE_FORMAT_PNM, true, "3-", "PNM: "},
    /* Pillow ignores the sizes of the strips of uncompressed TIFF, and the errors of libtiff if the image is YCbCr. */
    {LADE_FORMAT_TIFF, true, "", "TIFF: "},
    /* The libtiff of Pillow 13 repairs more damaged tags. */
    {LADE_FORMAT_TIFF, true, "group", "there is no first page"},
    /* Pillow supports a list of combinations of tags. lade ignores a damaged tag if libtiff ignores it. */
    {LADE_FORMAT_TIFF, false, "", ""},
    /* Pillow contains a newer libavif and another version of dav1d, which find more damaged data. */
    {LADE_FORMAT_AVIF, false, "", ""},
};

/* Returns true for the kinds of TIFF that Pillow reads with libtiff. Pillow must refuse the same files of these kinds
   as lade, except if a tag is damaged. In this case, the message contains the name of the tag in quotes. */
static bool is_compressed(const char *name) {
    static const char *const names[] = {"_lzw", "group", "jpeg", "packbits", "predicted", "tiff_ccitt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strncmp(name, names[i], strlen(names[i])))
            return true;
    return false;
}

static bool is_known(const struct row *row, bool pillow_good) {
    const char *name = strchr(row->name, '-') + 1;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].format == row->format && known[i].pillow_good == pillow_good &&
            !strncmp(name, known[i].name, strlen(known[i].name)) && strstr(row->cause, known[i].cause) &&
            !(row->format == LADE_FORMAT_TIFF && !*known[i].name && row->status == LADE_EFORMAT &&
              is_compressed(name) && !strchr(row->cause, '"')))
            return true;
    return false;
}

static int compare(const struct row *row, const char *state) {
    bool good = row->status == LADE_OK, pillow_good = strcmp(state, "first") != 0;
    table[row->format][good && pillow_good ? 0 : !good && !pillow_good ? 1 : pillow_good ? 2 : 3]++;
    if (good == pillow_good && !(good && !strcmp(state, "later") && !row->defect))
        return 0;
    if (is_known(row, pillow_good))
        return 0;
    printf("%s, %s: Pillow: %s, lade: %d %s\n", row->name, kind_names[row->kind], state, row->status, row->cause);
    return 1;
}

static void print_table(void) {
    printf("%-8s %10s %10s %10s %10s %10s\n", "format", "files", "both good", "both bad", "lade bad", "Pillow bad");
    for (int f = 1; f < FORMATS; f++) {
        const int *row = table[f];
        printf("%-8s %10d %10d %10d %10d %10d\n", lade_format_name((enum lade_format)f),
               row[0] + row[1] + row[2] + row[3], row[0], row[1], row[2], row[3]);
    }
    fflush(stdout);
}

/* Returns the Python interpreter, or NULL if there is none. */
static const char *choose_python(void) {
    const char *given = getenv("LADE_PILLOW_PYTHON");
    return given ? given : python_or_skip("9.4.");
}

START_TEST(damaged_files_side_by_side) {
    char folder[] = "/tmp/lade-test-damage-XXXXXX", path[512], state[16], command[600];
    const char *python = choose_python(), *given = getenv("LADE_DAMAGED");
    if (!python)
        return;
    int count = given ? atoi(given) : 90, different = 0;
    snprintf(command, sizeof command, "%s -c 'from PIL import features as f; exit(not f.check(\"avif\"))' 2>&1",
             python);
    bool avif = system(command) == 0;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/list", folder);
    FILE *list = fopen(path, "w");
    ck_assert_ptr_nonnull(list);
    rows = calloc((size_t)count * FORMATS, sizeof *rows);
    damaged = malloc(MOST_DAMAGED);
    find_originals();
    for (int f = 1; f < FORMATS; f++)
        make_rows(folder, list, (enum lade_format)f, f != LADE_FORMAT_AVIF || avif ? count : 0);
    ck_assert_int_eq(fclose(list), 0);
    must_run("%s -BW ignore " LADE_SOURCE_DIR "/tests/golden/pillow_load.py %s/list %s/results 2>%s/messages", python,
             folder, folder, folder);
    snprintf(path, sizeof path, "%s/results", folder);
    FILE *results = fopen(path, "r");
    ck_assert_ptr_nonnull(results);
    for (int i = 0; i < row_count; i++) {
        ck_assert_int_eq(fscanf(results, "%15s %*s", state), 1);
        different += compare(&rows[i], state);
    }
    fclose(results);
    must_run("rm -r %s", folder);
    print_table();
    free(rows);
    free(damaged);
    ck_assert_msg(different == 0, "%d of %d files differ", different, row_count);
}
END_TEST

/* Reads the AVIF files of tests/golden/avif, without the PNG files beside them, and the files of tests/golden/images.
   Under valgrind, there are no AVIF files, because valgrind reports the vector code of dav1d. */
static void setup(void) {
    int kept = 0;
    image_folder = "avif";
    read_files();
    for (int i = 0; i < file_count; i++)
        if (strstr(files[i].name, ".avif") && !check_under_valgrind())
            files[kept++] = files[i];
        else
            free(files[i].bytes);
    file_count = kept;
    image_folder = "images";
    invalid_images_setup();
    image_folder = "avif"; /* allows the messages of dav1d */
}

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "damage");
    tcase_add_checked_fixture(tcase, setup, invalid_images_teardown);
    tcase_add_test(tcase, damaged_files_side_by_side);
}
