/*
 * train/norm/tile_functions.h - defines the functions of struct lade__tile_functions for one length of vectors. tiles.c
 * includes this file once for each length, because a compiler must know the length and the CPU when it compiles a
 * function. Before each #include, tiles.c defines three macros, which this file undefines at its end:
 *
 *     FLOATS      number of floats in a vector
 *     TARGET      attribute of each function
 *     NAME(word)  name of a function or type
 *
 * A row of a tile has LANES floats, which are LANES / FLOATS vectors. A lane is one of these floats. The loops over
 * these vectors are unrolled, so that the vectors stay in registers. The address of a vector need not be a multiple of
 * its size. Each lane has its own sums, and a multiplication and an addition are never fused, so the results do not
 * depend on FLOATS.
 */
typedef float NAME(vector) __attribute__((vector_size(FLOATS * sizeof(float)), aligned(sizeof(float)), may_alias));
typedef int32_t NAME(mask) __attribute__((vector_size(FLOATS * sizeof(float)), may_alias));

#define VECTOR         NAME(vector)
#define MASK           NAME(mask)
#define VECTORS        (LANES / FLOATS)
#define EACH_VECTOR(i) _Pragma("GCC unroll 4") for (int i = 0; i < VECTORS; i++)
#define AT(p, i)       (*(VECTOR *)((p) + (i)*FLOATS))
#define CONST_AT(p, i) (*(const VECTOR *)((p) + (i)*FLOATS))

/* Does the same as add_lanes(), but faster if possible. */
TARGET static void NAME(add)(const struct lade__norm_work *w, const struct lade__tile *t, const double *first,
                             const double *second) {
    double *firsts = w->s->sums[0] + t->channel, *seconds = w->s->sums[1] + t->channel;
    if (t->used < LANES || !has_own_channels(t, w->channels)) {
        add_lanes(w, t, first, second);
        return;
    }
    EACH_FOUR(i) {
        DOUBLES(firsts + i) += CONST_DOUBLES(first + i);
        DOUBLES(seconds + i) += CONST_DOUBLES(second + i);
    }
}

/* Computes the sum of squares from the squared deviations from the mean of the tile, because the squares of the values
   themselves would be rounded too much. */
TARGET static void NAME(reduce)(const struct lade__norm_work *w, const struct lade__tile *t) {
    float copy[ROWS * LANES], sums[LANES], squares[LANES], means[LANES];
    int64_t stride;
    const float *x = rows_of(t, w->x, copy, &stride), *row = x;
    VECTOR sum[VECTORS] = {{0}}, square[VECTORS] = {{0}}, mean[VECTORS];
    for (int64_t r = 0; r < t->rows; r++, row += stride)
        EACH_VECTOR(i)
    sum[i] += CONST_AT(row, i);
    EACH_VECTOR(i)
    mean[i] = sum[i] * (1 / (float)t->rows);
    for (int64_t r = 0; r < t->rows; r++, x += stride)
        EACH_VECTOR(i) {
            VECTOR off = CONST_AT(x, i) - mean[i];
            square[i] += off * off;
        }
    EACH_VECTOR(i) {
        AT(sums, i) = sum[i];
        AT(squares, i) = square[i];
        AT(means, i) = mean[i];
    }
    double first[LANES], second[LANES];
    EACH_FOUR(i) {
        /* The sum of (x - m)^2 is the sum of x^2, minus 2 m times the sum of x, plus rows * m^2. */
        doubles m = TO_DOUBLES(means + i), total = TO_DOUBLES(sums + i);
        DOUBLES(first + i) = total;
        DOUBLES(second + i) = TO_DOUBLES(squares + i) + m * (2 * total - (double)t->rows * m);
    }
    NAME(add)(w, t, first, second);
}

/* Declares vectors with the values of all lanes: the mean, the slope (scale * weight), the bias and w->least. The
   vectors are variables and not members of a struct, because gcc would keep a struct in memory. */
#define DECLARE_VECTORS(values)                                                          \
    VECTOR mean[VECTORS], slope[VECTORS], bias[VECTORS], least = w->least - (VECTOR){0}; \
    EACH_VECTOR(i) {                                                                     \
        mean[i] = AT((values).mean, i);                                                  \
        slope[i] = AT((values).slope, i);                                                \
        bias[i] = AT((values).bias, i);                                                  \
    }

TARGET static void NAME(apply)(const struct lade__norm_work *w, const struct lade__tile *t) {
    float copy[ROWS * LANES];
    int64_t stride;
    const float *x = rows_of(t, w->x, copy, &stride);
    struct lane_values values;
    read_lanes(w, t, &values);
    DECLARE_VECTORS(values)
    for (int64_t r = 0; r < t->rows; r++, x += stride) {
        float row[LANES], *y = w->y + t->at + r * t->stride, *to = t->used == LANES ? y : row;
        EACH_VECTOR(i) {
            VECTOR out = (CONST_AT(x, i) - mean[i]) * slope[i] + bias[i];
            MASK below = (MASK)(least > out); /* NaN remains NaN */
            AT(to, i) = (VECTOR)((below & (MASK)least) | (~below & (MASK)out));
        }
        if (to == row)
            memcpy(y, row, (size_t)t->used * sizeof *y);
    }
}

/* The value is dy. If a relu follows and the relu has made the output 0, the value is 0. @off is x - mean. The output is
   computed again with the formula of the forward pass. */
#define GRADIENT(i, dy, off) ((VECTOR)((MASK)((off)*slope[i] + bias[i] > least) & (MASK)(dy)))

TARGET static void NAME(reduce_backward)(const struct lade__norm_work *w, const struct lade__tile *t) {
    float copy_x[ROWS * LANES], copy_dy[ROWS * LANES];
    int64_t stride;
    const float *x = rows_of(t, w->x, copy_x, &stride), *dy = rows_of(t, w->dy, copy_dy, &stride);
    struct lane_values values;
    VECTOR sum[VECTORS] = {{0}}, product[VECTORS] = {{0}};
    read_lanes(w, t, &values);
    DECLARE_VECTORS(values)
    for (int64_t r = 0; r < t->rows; r++, x += stride, dy += stride)
        EACH_VECTOR(i) {
            VECTOR off = CONST_AT(x, i) - mean[i], g = GRADIENT(i, CONST_AT(dy, i), off);
            sum[i] += g;
            product[i] += g * off;
        }
    float sums[LANES], products[LANES];
    double first[LANES], second[LANES];
    EACH_VECTOR(i) {
        AT(sums, i) = sum[i];
        AT(products, i) = product[i];
    }
    EACH_FOUR(i) {
        DOUBLES(first + i) = TO_DOUBLES(sums + i);
        DOUBLES(second + i) = TO_DOUBLES(products + i) * TO_DOUBLES(values.scale + i);
    }
    NAME(add)(w, t, first, second);
}

TARGET static void NAME(apply_backward)(const struct lade__norm_work *w, const struct lade__tile *t) {
    float copy_x[ROWS * LANES], copy_dy[ROWS * LANES], mean_dy[LANES], mean_product[LANES];
    int64_t stride;
    const float *x = rows_of(t, w->x, copy_x, &stride), *dy = rows_of(t, w->dy, copy_dy, &stride);
    struct lane_values values;
    VECTOR shift[VECTORS], factor[VECTORS];
    read_lanes(w, t, &values);
    DECLARE_VECTORS(values)
    spread(t, w->s->means[0], w->channels, mean_dy);
    spread(t, w->s->means[1], w->channels, mean_product);
    EACH_VECTOR(i) {
        shift[i] = AT(mean_dy, i);
        factor[i] = AT(mean_product, i) * AT(values.scale, i);
    }
    for (int64_t r = 0; r < t->rows; r++, x += stride, dy += stride) {
        float row[LANES], *dx = w->y + t->at + r * t->stride, *to = t->used == LANES ? dx : row;
        EACH_VECTOR(i) {
            VECTOR off = CONST_AT(x, i) - mean[i], g = GRADIENT(i, CONST_AT(dy, i), off);
            AT(to, i) = (g - shift[i] - off * factor[i]) * slope[i];
        }
        if (to == row)
            memcpy(dx, row, (size_t)t->used * sizeof *dx);
    }
}

static const struct lade__tile_functions NAME(functions) = {NAME(reduce), NAME(apply), NAME(reduce_backward),
                                                            NAME(apply_backward)};

#undef VECTOR
#undef MASK
#undef VECTORS
#undef EACH_VECTOR
#undef AT
#undef CONST_AT
#undef DECLARE_VECTORS
#undef GRADIENT
#undef FLOATS
#undef TARGET
#undef NAME
