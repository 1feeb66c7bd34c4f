/*
 * Finds the optimizers and schedules that use an option, and the defaults of the option. An option belongs to the
 * family whose struct receives the value of the option. The name of the option is the name of the field in this struct.
 * Therefore a new optimizer of the library needs no change here.
 */
#include "option/option_family.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <lade/train.h>

#include "option/training_options.h"
#include "terminal/text.h"

/* An optimizer or a schedule. */
struct kind {
    const char *name;
    const char *const *fields; /* names of the fields that the kind uses */
    const char *defaults;      /* the struct with the default of each field */
};

struct option_family {
    const char *option; /* the option that selects the kind, for example "optimizer" */
    size_t offset;      /* offset of the family's struct in struct training_options */
    size_t size;        /* size of the family's struct */
    const char *prefix; /* prefix of the names of the family's options */
    int count;
    struct kind (*get)(int i);
};

static struct kind get_optimizer(int i) {
    const struct lade_optimizer_info *info = lade_optimizer_info((enum lade_optimizer_kind)i);
    return (struct kind){info->name, info->hyperparameters, (const char *)&info->defaults};
}

static struct kind get_schedule(int i) {
    const struct lade_schedule_info *info = lade_schedule_info((enum lade_schedule_kind)i);
    return (struct kind){info->name, info->parameters, (const char *)&info->defaults};
}

static const struct option_family families[] = {
    {"optimizer", offsetof(struct training_options, optimizer), sizeof(struct lade_optimizer), "", LADE_OPTIMIZER_COUNT,
     get_optimizer},
    {"schedule", offsetof(struct training_options, schedule), sizeof(struct lade_schedule), "schedule-",
     LADE_SCHEDULE_COUNT, get_schedule}};

const struct option_family *option_family_of(const struct opt *o) {
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (o->at >= families[i].offset && o->at < families[i].offset + families[i].size &&
            strcmp(o->name, families[i].option) != 0 && strcmp(o->name, "warmup") != 0)
            return &families[i];
    return NULL;
}

bool option_family_uses(const struct option_family *f, int i, const struct opt *o) {
    bool found = false;
    for (const char *const *field = f->get(i).fields; *field && !found; field++) {
        char *name = opt_name(*field);
        found = strcmp(name, o->name + strlen(f->prefix)) == 0;
        free(name);
    }
    return found;
}

static double default_value(const struct option_family *f, int i, const struct opt *o) {
    const char *at = f->get(i).defaults + (o->at - f->offset);
    if (o->type == OPT_INT)
        return *(const int *)(const void *)at;
    bool momentum = f->get == get_optimizer && i == LADE_SGD && strcmp(o->name, "momentum") == 0;
    return momentum ? (double)OPTION_SGD_MOMENTUM : (double)*(const float *)(const void *)at;
}

char *option_family_users(const struct option_family *f, const struct opt *o, double value) {
    struct lade_word *words = text_alloc((size_t)f->count + 1, sizeof *words);
    int count = 0;
    for (int i = 0; i < f->count; i++)
        if (option_family_uses(f, i, o) && (isnan(value) || default_value(f, i, o) == value))
            words[count++] = (struct lade_word){f->get(i).name, i};
    char *names = opt_word_list(words, "and");
    free(words);
    return names;
}

char *option_family_default(const struct option_family *f, const struct opt *o) {
    char *text = NULL;
    double seen[LADE_OPTIMIZER_COUNT + LADE_SCHEDULE_COUNT];
    int count = 0;
    for (int i = 0; i < f->count; i++) {
        double value = option_family_uses(f, i, o) ? default_value(f, i, o) : NAN;
        bool repeated = isnan(value);
        for (int k = 0; k < count && !repeated; k++)
            repeated = seen[k] == value;
        if (repeated)
            continue;
        char *names = option_family_users(f, o, value);
        char *longer = text ? text_printf("%s; %.6g for %s", text, value, names) : text_printf("%.6g", value);
        free(names);
        free(text);
        text = longer;
        seen[count++] = value;
    }
    return text;
}

const char *option_family_name(const struct option_family *f, int i) {
    return f->get(i).name;
}

const char *option_family_selector(const struct option_family *f, const void *options, int *kind) {
    memcpy(kind, (const char *)options + f->offset, sizeof *kind); /* the kind is the first field of the struct */
    return f->option;
}
