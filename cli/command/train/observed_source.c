/*
 * Implements a source that wraps another source. Each function calls the same function of the wrapped source.
 */
#include "command/train/observed_source.h"

static int next_observed(void *ctx, struct lade_batch **out, struct lade_error *err) {
    const struct observed_source *o = ctx;
    int status = o->source.next(o->source.ctx, out, err);
    if (status < 0 || o->on_batch(o->ctx, *out))
        return status;
    lade_batch_unref(*out);
    *out = NULL;
    return lade_error_set(err, LADE_ESTATE, "stopped");
}

static int get_state(void *ctx, char **out, struct lade_error *err) {
    const struct observed_source *o = ctx;
    return o->source.state_get(o->source.ctx, out, err);
}

static int set_state(void *ctx, const char *state, struct lade_error *err) {
    const struct observed_source *o = ctx;
    return o->source.state_set(o->source.ctx, state, err);
}

static int64_t name_sample(void *ctx, int64_t index, char *buffer, size_t size) {
    const struct observed_source *o = ctx;
    return o->source.sample_name(o->source.ctx, index, buffer, size);
}

static void close_observed(void *ctx) {
    const struct observed_source *o = ctx;
    o->source.close(o->source.ctx);
}

struct lade_source observed_source_open(struct observed_source *o) {
    struct lade_source source = o->source;
    source.ctx = o;
    source.next = next_observed;
    source.state_get = source.state_get ? get_state : NULL;
    source.state_set = source.state_set ? set_state : NULL;
    source.sample_name = source.sample_name ? name_sample : NULL;
    source.close = source.close ? close_observed : NULL;
    return source;
}
