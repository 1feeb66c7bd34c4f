/*
 * Copies statistics, and saves and loads them as JSON. Means and deviations are stored as decimal numbers. The ZCA
 * matrix is stored as hexadecimal digits, eight for each float, so that exactly the same values are loaded.
 */
#include "flow/statistics/stats.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <xxhash.h>

#include "base/atomic_file.h"
#include "base/json.h"
#include "base/sys.h"

enum { VERSION = 1, FLOAT_DIGITS = 8 };

static size_t matrix_size(const struct lade_stats *stats) {
    return stats->zca ? (size_t)stats->zca_values * (size_t)stats->zca_values : 0;
}

/* ---- In memory --------------------------------------------------------------------------------------------------- */

/* Allocates statistics, followed by memory for a matrix of @count floats. Sets *matrix to this memory if @count is not
   0. */
static struct lade_stats *new_stats(size_t count, float **matrix) {
    struct lade_stats *stats = lade_calloc(1, sizeof *stats + count * sizeof **matrix);
    if (stats && count)
        stats->zca = *matrix = (float *)(void *)(stats + 1);
    return stats;
}

struct lade_stats *lade_stats_copy(const struct lade_stats *stats) {
    float *matrix = NULL;
    struct lade_stats *copy = new_stats(matrix_size(stats), &matrix);
    if (!copy)
        return NULL;
    *copy = *stats;
    copy->zca = matrix;
    copy->zca_values = matrix ? stats->zca_values : 0;
    if (matrix)
        memcpy(matrix, stats->zca, matrix_size(stats) * sizeof *matrix);
    return copy;
}

void lade_stats_free(struct lade_stats *stats) {
    lade_free(stats);
}

const struct lade_stats *lade_stats_named(const char *name, struct lade_error *err) {
    static const struct lade_stats imagenet = {
        .channels = 3, .mean = {0.485, 0.456, 0.406}, .std = {0.229, 0.224, 0.225}, .rescale = 1 / 255.f};

    if (strcmp(name, "imagenet") == 0)
        return &imagenet;
    lade_error_set_subject(err, LADE_EINVAL, name, "there are no statistics with the name %.100s; use imagenet", name);
    return NULL;
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

static json_t *numbers_json(const double *values, int count) {
    json_t *array = json_array();
    for (int i = 0; array && i < count; i++)
        if (json_array_append_new(array, json_real(values[i])) < 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* Returns the matrix, or its hash, as hexadecimal digits. */
static json_t *matrix_json(const struct lade_stats *stats, enum lade__stats_form form) {
    size_t count = matrix_size(stats);
    if (form == LADE__STATS_DIGEST) {
        char digest[33];
        XXH128_hash_t hash = XXH3_128bits(stats->zca, count * sizeof *stats->zca);
        lade_digest_text(&(struct lade_digest){hash.low64, hash.high64}, digest);
        return json_string(digest);
    }
    static const char digits[] = "0123456789abcdef";
    char *text = lade_alloc(count * FLOAT_DIGITS + 1), *p = text;
    for (size_t i = 0; text && i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &stats->zca[i], sizeof bits);
        for (int shift = 28; shift >= 0; shift -= 4)
            *p++ = digits[bits >> shift & 15];
    }
    json_t *json = text ? json_stringn(text, count * FLOAT_DIGITS) : NULL;
    lade_free(text);
    return json;
}

json_t *lade__stats_json(const struct lade_stats *stats, enum lade__stats_form form) {
    json_t *json = json_pack("{s:i, s:I, s:f, s:o, s:o}", "lade_stats", VERSION, "images", (json_int_t)stats->images,
                             "rescale", (double)stats->rescale, "mean", numbers_json(stats->mean, stats->channels),
                             "std", numbers_json(stats->std, stats->channels));
    if (json && stats->left_out && form == LADE__STATS_WHOLE &&
        json_object_set_new(json, "left_out", json_integer(stats->left_out)) < 0) {
        json_decref(json);
        return NULL;
    }
    if (json && stats->zca &&
        (json_object_set_new(json, "zca_values", json_integer(stats->zca_values)) < 0 ||
         json_object_set_new(json, "zca", matrix_json(stats, form)) < 0)) {
        json_decref(json);
        return NULL;
    }
    return json;
}

int lade_stats_save(const struct lade_stats *stats, const char *path, struct lade_error *err) {
    json_t *json = lade__stats_json(stats, LADE__STATS_WHOLE);
    if (!json)
        return lade_error_set(err, LADE_ENOMEM, "%s: no memory to write the statistics", path);
    struct lade__atomic_file file;
    int status = lade__atomic_open(&file, path, err);
    errno = 0;
    if (status == LADE_OK &&
        (json_dumpf(json, file.f, JSON_INDENT(1) | JSON_PRESERVE_ORDER) != 0 || fputc('\n', file.f) == EOF)) {
        status = lade_error_from_errno(err, errno ? errno : EIO, path, "%s: the statistics cannot be written", path);
        lade__atomic_abort(&file);
    }
    json_decref(json);
    return status < 0 ? status : lade__atomic_commit(&file, err);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static int not_stats(const char *path, const char *what, struct lade_error *err) {
    return lade_error_set_subject(err, LADE_EFORMAT, path,
                                  "%s: the file does not contain statistics of images: %s; use a file from "
                                  "lade_stats_save() or `lade scan --stats-out`",
                                  path, what);
}

static bool read_numbers(const json_t *array, int count, double *out) {
    for (int i = 0; i < count; i++) {
        const json_t *number = json_array_get(array, (size_t)i);
        out[i] = json_number_value(number);
        if (!json_is_number(number) || !isfinite(out[i]))
            return false;
    }
    return true;
}

static int digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_matrix(const char *text, size_t count, float *out) {
    for (size_t i = 0; i < count; i++) {
        uint32_t bits = 0;
        for (int k = 0; k < FLOAT_DIGITS; k++, text++) {
            if (digit(*text) < 0)
                return false;
            bits = bits << 4 | (uint32_t)digit(*text);
        }
        memcpy(&out[i], &bits, sizeof bits);
        if (!isfinite(out[i]))
            return false;
    }
    return true;
}

static struct lade_stats *from_json(json_t *json, const char *path, struct lade_error *err) {
    json_int_t version, images, left_out = 0, zca_values = 0;
    double rescale;
    json_t *mean, *std, *matrix = NULL;
    float *to = NULL;

    if (json_unpack(json, "{s:I, s:I, s:F, s:o, s:o, s?I, s?I, s?o}", "lade_stats", &version, "images", &images,
                    "rescale", &rescale, "mean", &mean, "std", &std, "left_out", &left_out, "zca_values", &zca_values,
                    "zca", &matrix) < 0 ||
        version != VERSION) {
        not_stats(path, "lade_stats must be 1, and images, rescale, mean and std must be present", err);
        return NULL;
    }
    size_t channels = json_array_size(mean), count = (size_t)zca_values * (size_t)zca_values;
    if ((channels != 1 && channels != 3 && channels != 4) || json_array_size(std) != channels) {
        not_stats(path, "mean and std must be lists of 1, 3 or 4 numbers", err);
        return NULL;
    }
    if (zca_values < 0 || zca_values > LADE_ZCA_MAX_VALUES || json_string_length(matrix) != count * FLOAT_DIGITS) {
        not_stats(path, "the ZCA matrix does not have zca_values rows and columns", err);
        return NULL;
    }
    struct lade_stats *stats = new_stats(count, &to);
    if (!stats) {
        lade_error_set(err, LADE_ENOMEM, "%s: no memory for the statistics", path);
        return NULL;
    }
    stats->channels = (int)channels;
    stats->images = images;
    stats->left_out = left_out;
    stats->rescale = (float)rescale;
    stats->zca_values = (int)zca_values;
    if (read_numbers(mean, stats->channels, stats->mean) && read_numbers(std, stats->channels, stats->std) &&
        (!count || read_matrix(json_string_value(matrix), count, to)))
        return stats;
    not_stats(path, "a value is not a finite number", err);
    lade_stats_free(stats);
    return NULL;
}

struct lade_stats *lade_stats_load(const char *path, struct lade_error *err) {
    struct lade__bytes bytes = {0};
    char why[LADE__QUOTED];
    json_t *json = NULL;
    struct lade_stats *stats = NULL;
    size_t most = 4096 + (size_t)LADE_ZCA_MAX_VALUES * LADE_ZCA_MAX_VALUES * FLOAT_DIGITS;

    if (lade__sys_read_file(path, most, &bytes, err) == LADE_OK) {
        const char *text = (const char *)bytes.data;
        json = lade__json_parse(text, bytes.size, why);
        if (json)
            stats = from_json(json, path, err);
        else
            not_stats(path, why, err);
    }
    json_decref(json);
    lade__bytes_release(&bytes);
    return stats;
}

/* ---- From the preprocessing of a net ----------------------------------------------------------------------------- */

/* Returns a copy of @stats with the matrix @values. The hash of the matrix must be @digest. */
static struct lade_stats *add_matrix(const struct lade_stats *stats, const struct lade_tensor *values, int64_t size,
                                     const json_t *digest, struct lade_error *err) {
    bool fits = values && values->dtype == LADE_FLOAT32 && values->dl.ndim == 2 && values->shape[0] == size &&
                values->shape[1] == size && size > 0 && size <= LADE_ZCA_MAX_VALUES;
    if (!fits) {
        lade_error_set_subject(err, LADE_EFORMAT, "zca_whitening", "preprocessing: the ZCA matrix is missing");
        return NULL;
    }
    struct lade_stats with = *stats;
    with.zca = lade_tensor_data(values);
    with.zca_values = (int)size;
    json_t *hash = matrix_json(&with, LADE__STATS_DIGEST);
    bool same = hash && json_equal(hash, digest);
    json_decref(hash);
    struct lade_stats *copy = same ? lade_stats_copy(&with) : NULL;
    if (!same)
        lade_error_set_subject(err, LADE_EFORMAT, "zca_whitening", "preprocessing: the ZCA matrix is damaged");
    else if (!copy)
        lade_error_set(err, LADE_ENOMEM, "no memory for the statistics");
    return copy;
}

static struct lade_stats *from_stored(json_t *json, const struct lade_tensor *values, struct lade_error *err) {
    int64_t size = json_integer_value(json_object_get(json, "zca_values"));
    json_t *digest = json_incref(json_object_get(json, "zca"));
    json_object_del(json, "zca_values");
    json_object_del(json, "zca");
    struct lade_stats *stats = from_json(json, "preprocessing", err);
    if (stats && digest) {
        struct lade_stats *with = add_matrix(stats, values, size, digest, err);
        lade_stats_free(stats);
        stats = with;
    }
    json_decref(digest);
    return stats;
}

int lade_stats_from_preprocessing(const char *preprocessing, const struct lade_tensor *values, struct lade_stats **out,
                                  struct lade_error *err) {
    char why[LADE__QUOTED];
    struct lade_error cause = {0};
    json_t *json = lade__json_parse(preprocessing, strlen(preprocessing), why);
    *out = NULL;
    if (!json)
        return lade_error_set(err, LADE_EFORMAT, "the text does not come from lade_flow_preprocessing(): %s", why);
    json_t *stats = json_object_get(json, "stats");
    if (stats && !(*out = from_stored(stats, values, &cause)))
        lade_error_set_subject(err, cause.code, cause.subject, "%s", cause.message);
    json_decref(json);
    return stats && !*out ? cause.code : LADE_OK;
}
