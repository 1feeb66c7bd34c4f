/*
 * Reads tests/golden/torch.txt, which contains results of PyTorch. tests/golden/torch_reference.py writes and checks
 * torch.txt. The tests and PyTorch use the same parameters, samples and labels, because torch_number() computes each
 * value from its index.
 */
#ifndef LADE_TESTS_TORCH_LINES_H
#define LADE_TESTS_TORCH_LINES_H

#include <lade/train.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"
#include "source_dir.h"

static const char torch_golden[] = LADE_SOURCE_DIR "/tests/golden/torch.txt";

static inline float torch_number(int64_t i, int64_t a, int64_t b) {
    return (float)((i * a + b) % 97 - 48) / 64;
}

static inline FILE *torch_open(void) {
    FILE *f = fopen(torch_golden, "r");
    ck_assert_msg(f != NULL, "%s cannot be read", torch_golden);
    return f;
}

static inline enum lade_loss torch_loss(const char *name) {
    for (int i = LADE_LOSS_AUTO + 1; i < LADE_LOSS_COUNT; i++)
        if (strcmp(name, lade_loss_name((enum lade_loss)i)) == 0)
            return (enum lade_loss)i;
    ck_abort_msg("there is no loss with the name %s", name);
}

/* Reads the next line that is not a comment. Returns false at the end of the file. */
static inline bool torch_next_line(FILE *f, char **line, size_t *size) {
    while (getline(line, size, f) >= 0)
        if (**line != '#') {
            (*line)[strcspn(*line, "\n")] = '\0';
            return true;
        }
    return false;
}

/* Compares the numbers of the next line with @have. Returns the largest difference, divided by the largest absolute
 * value in the line, or divided by @least if @least is larger. */
static inline double torch_difference(FILE *f, const float *have, int64_t count, double least) {
    char *line = NULL;
    size_t size = 0;
    ck_assert(torch_next_line(f, &line, &size));
    double worst = 0, largest = least;
    char *at = line;
    for (int64_t i = 0; i < count; i++) {
        char *end;
        double want = strtod(at, &end);
        ck_assert_msg(end > at, "the line has too few numbers");
        at = end;
        worst = fmax(worst, isfinite(have[i]) ? fabs(want - (double)have[i]) : (double)INFINITY);
        largest = fmax(largest, fabs(want));
    }
    ck_assert_msg(*at == '\0', "the line has too many numbers: %s", at);
    free(line);
    return worst / largest;
}

#endif
