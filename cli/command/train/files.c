/*
 * Writes two files of a run: the net of the last epoch for --keep both, and the list of epochs for --log. Both files
 * are written after each epoch, so that an interruption loses nothing. lade_fit() writes the checkpoint.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command/train/train.h"
#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/output_file.h"
#include "terminal/text.h"

/* Returns the path of the net of the last epoch, for example "net.last.safetensors" for "net.safetensors". The caller
   must free() the path. */
static char *last_path(const char *out) {
    const char *suffix = text_has_suffix(out, ".safetensors") ? strrchr(out, '.') : out + strlen(out);
    return text_printf("%.*s.last%s", (int)(suffix - out), out, suffix);
}

/* Returns true if @path is a file with contents that a new run would lose. A pipe, or the empty file of mktemp, has no
   such contents. */
static bool has_contents(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

static bool same_file(const char *a, const char *b) {
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int check_out(const struct train *t) {
    const char *paths[] = {t->out, t->last_path};
    for (int i = 0; i < 2 && paths[i]; i++) {
        if (!output_file_check("--out", paths[i]))
            return EXIT_FAILED;
        if (!t->resume && !t->force && has_contents(paths[i]) && !same_file(paths[i], t->net_text))
            return out_usage(
                "--out %s: the file exists, and is not a net of this run; give --resume to continue the run "
                "in the file, --force to replace the file, or another name",
                paths[i]);
    }
    return EXIT_OK;
}

int train_files_check(struct train *t) {
    if (t->resume && t->force)
        return out_usage("--resume and --force exclude each other");
    if (t->out && t->keep == KEEP_BOTH)
        t->last_path = last_path(t->out);
    int code = t->out ? check_out(t) : EXIT_OK;
    return code == EXIT_OK && t->log_path && !output_file_check("--log", t->log_path) ? EXIT_FAILED : code;
}

/* Writes a number as a field of the log. NaN and infinity are written as an empty field, which pandas reads as NaN. */
static void put(FILE *f, double value) {
    if (isfinite(value))
        fprintf(f, ",%.9g", value);
    else
        fputc(',', f);
}

static void write_head(const struct train *t) {
    fputs("epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds,images_per_s", t->log);
    for (int i = 0; train_score_names(t)[i]; i++)
        fprintf(t->log, ",%s", train_score_names(t)[i]);
    fputc('\n', t->log);
}

/* A resumed run yields its earlier epochs again, so the log always contains all epochs. */
static bool write_log(struct train *t, const struct lade_metrics *m) {
    if (!t->log) {
        t->log = fopen(t->log_path, "we");
        if (t->log)
            write_head(t);
    }
    if (t->log) {
        fprintf(t->log, "%d", m->epoch + 1);
        const double values[] = {m->loss,
                                 m->accuracy,
                                 m->val_loss,
                                 m->val_accuracy,
                                 m->last_lr,
                                 m->replayed ? (double)NAN : m->seconds,
                                 m->replayed ? (double)NAN : m->images_per_s};
        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
            put(t->log, values[i]);
        for (int i = 0; train_score_names(t)[i]; i++)
            put(t->log, train_score(t, m->epoch, i));
        fputc('\n', t->log);
    }
    if (t->log && fflush(t->log) == 0 && !ferror(t->log))
        return true;
    out_error("--log %s: the file cannot be written: %s", t->log_path, strerror(errno));
    return false;
}

bool train_files_epoch(struct train *t, const struct lade_metrics *m) {
    struct lade_error err = {0};
    if (t->log_path && !write_log(t, m))
        return false;
    bool first = m->replayed && m->epoch == 0; /* during a replay, the net is already the net of the checkpoint */
    if (!t->last_path || (m->replayed && !first) || lade_net_save(t->net, t->last_path, &err) == LADE_OK)
        return true;
    out_error("%s", err.message);
    return false;
}

void train_files_close(struct train *t) {
    if (t->log)
        fclose(t->log);
    free(t->last_path);
}
