/*
 * Makes options of the command line from the descriptions of lade_flow_option_info(). The names have dashes instead of
 * underscores. Ranges, words, defaults and help texts come from the library.
 */
#include "option/stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "option/augmentation.h"
#include "option/formats.h"
#include "terminal/output.h"
#include "terminal/text.h"

#define AT(field) OPT_AT(struct lade_flow_options, field)

/* ---- Options of the library that are flags on the command line --------------------------------------------------- */

static const struct {
    const char *replaced; /* the field that the flag sets */
    struct opt opt;
} flags[] = {
    {"decode",
     {"fast", OPT_FLAG, AT(decode), .store = LADE_DECODE_FAST,
      .help = "decode large JPEG files at a half, a quarter or an eighth of their size; faster, slightly different "
              "pixels"}},
    {"order",
     {"no-shuffle", OPT_FLAG, AT(order), .store = LADE_ORDER_SORTED, .help = "sort by class and name, do not shuffle"}},
    {"order",
     {"balanced", OPT_FLAG, AT(order), .store = LADE_ORDER_BALANCED,
      .help = "use the same number of images of each class in an epoch; images of small classes occur several times"}},
    {"order",
     {"weighted", OPT_FLAG, AT(order), .store = LADE_ORDER_WEIGHTED,
      .help = "use the sample weights to choose samples at random, and not in the loss"}},
};

/* Adds the flags that replace the option @info to @table. Returns false if no flag replaces the option. */
static bool add_flags(const struct lade_option_info *info, struct opt *table, int *count) {
    bool replaced = false;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (strcmp(flags[i].replaced, info->name) == 0) {
            table[(*count)++] = flags[i].opt;
            replaced = true;
        }
    return replaced;
}

/* ---- From a description to an option ----------------------------------------------------------------------------- */

static bool has_type(const struct lade_option_info *info, enum lade_option_type type, size_t size) {
    return info->type == type && info->size == size;
}

/* Stores the type of the option in *@type. Returns false for an option that the command line cannot set. */
static bool option_type(const struct lade_option_info *info, enum opt_type *type) {
    static const enum opt_type types[] = {
        [LADE_OPTION_BOOL] = OPT_FLAG,   [LADE_OPTION_INT] = OPT_INT,    [LADE_OPTION_INT64] = OPT_INT,
        [LADE_OPTION_UINT64] = OPT_INT,  [LADE_OPTION_FLOAT] = OPT_REAL, [LADE_OPTION_DOUBLE] = OPT_REAL,
        [LADE_OPTION_ENUM] = OPT_CHOICE, [LADE_OPTION_TEXT] = OPT_TEXT,  [LADE_OPTION_LIST] = OPT_LIST,
    };
    if ((size_t)info->type >= sizeof types / sizeof *types)
        return false;
    *type = has_type(info, LADE_OPTION_INT, 2 * sizeof(int))               ? OPT_SIZE
            : has_type(info, LADE_OPTION_DOUBLE, 2 * sizeof(double))       ? OPT_RANGE
            : has_type(info, LADE_OPTION_FLOAT, 2 * sizeof(float))         ? OPT_RANGE
            : info->type == LADE_OPTION_UINT64 && info->minimum == 0       ? OPT_SEED
            : info->placeholder && strcmp(info->placeholder, "BYTES") == 0 ? OPT_BYTES
                                                                           : types[info->type];
    return true;
}

/* Returns the words of an enum, without alternative spellings. */
static const struct lade_word *option_words(const struct lade_option_info *info) {
    if (!info->words) {
        format_words_init();
        return format_words;
    }
    int count = 0;
    while (info->words[count].word)
        count++;
    struct lade_word *words = text_alloc((size_t)count + 1, sizeof *words), *end = words;
    for (const struct lade_word *w = info->words; w->word; w++)
        if (w->description)
            *end++ = *w;
    return words;
}

static const char *default_word(const struct opt *opt, int value) {
    for (const struct lade_word *w = opt->words; w->word; w++)
        if (w->value == value)
            return w->word;
    return NULL;
}

/* Returns the default for the help, or NULL for an option that is off by default. */
static const char *default_text(const struct lade_option_info *info, const struct opt *opt) {
    const double *value = info->default_value;
    if (info->default_text)
        return info->default_text;
    if (info->random)
        return NULL;
    switch (opt->type) {
    case OPT_CHOICE:
        return default_word(opt, (int)value[0]);
    case OPT_SIZE:
        return text_printf("%.15gx%.15g", value[0], value[1]);
    case OPT_RANGE:
        return text_printf("%.15g,%.15g", value[0], value[1]);
    case OPT_INT:
    case OPT_BYTES:
    case OPT_SEED:
    case OPT_REAL:
        return text_printf("%.15g", value[0]);
    default:
        return NULL;
    }
}

static bool make_option(const struct lade_option_info *info, struct opt *opt) {
    enum { LARGE = 1 << 30 };
    enum opt_type type;
    if (!option_type(info, &type))
        return false;
    bool limit = type == OPT_INT && info->maximum > (double)LARGE * LARGE; /* the maximum is only the limit of
                                                                              int64_t */
    *opt = (struct opt){.name = opt_name(info->name),
                        .type = type,
                        .at = info->offset,
                        .bytes = info->size,
                        .value = info->placeholder,
                        .low = info->minimum,
                        .high = limit ? (double)INFINITY : info->maximum,
                        .above = info->above_minimum,
                        .below = info->below_maximum,
                        .single = info->single,
                        .words = type == OPT_CHOICE ? option_words(info) : NULL,
                        .help = info->description};
    opt->preset = default_text(info, opt);
    return true;
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

/* The options of each section. The first call of stream_options() fills this array. */
static struct {
    const char *section;
    struct opt options[32];
} tables[16];

static void make_tables(void) {
    const struct lade_option_info *info;
    for (int i = 0; (info = lade_flow_option_info(i)); i++) {
        size_t t = 0;
        while (tables[t].section && strcmp(tables[t].section, info->section) != 0)
            t++;
        tables[t].section = info->section;
        struct opt *options = tables[t].options;
        int count = 0;
        while (options[count].name)
            count++;
        if (!add_flags(info, options, &count))
            make_option(info, options + count);
    }
}

const struct opt *stream_options(const char *section) {
    if (!tables[0].section)
        make_tables();
    for (size_t t = 0; tables[t].section; t++)
        if (strcmp(tables[t].section, section) == 0)
            return tables[t].options;
    out_die("a stream has no option in section %s", section);
}

struct opt stream_option(const char *name) {
    stream_options("Samples");
    for (size_t t = 0; tables[t].section; t++)
        for (const struct opt *o = tables[t].options; o->name; o++)
            if (strcmp(o->name, name) == 0)
                return *o;
    out_die("a stream has no option --%s", name);
}

/* ---- Changed options --------------------------------------------------------------------------------------------- */

void stream_rescale_for_net(struct lade_flow_options *options) {
    if (options->dtype == LADE_FLOAT32 && options->rescale == 0)
        options->rescale = 1 / 255.f;
}

struct lade_flow_options stream_unaugmented(struct lade_flow_options options) {
    options = augmentation_off(options);
    if (options.crop == LADE_CROP_RANDOM)
        options.crop = LADE_CROP_CENTER;
    return options;
}

struct lade_flow_options stream_as_pixels(struct lade_flow_options options) {
    options.dtype = LADE_UINT8;
    options.data_format = LADE_CHANNELS_LAST;
    options.rescale = 0;
    return standardisation_off(options);
}

char *stream_augmentation(const struct lade_flow_options *options) {
    char *text = augmentation_text(options);
    if (*text)
        return text;
    free(text);
    return text_printf("no augmentation");
}
