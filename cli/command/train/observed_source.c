/*
 * A source in front of a source.
 */
#include "command/train/observed_source.h"

static int next_observed(void *ctx, struct lade_batch **out, struct lade_error *err) {
    const struct observed_source *w = ctx;
    int status = w->source.next(w->source.ctx, out, err);
    if (status < 0 || w->on_batch(w->ctx, *out))
        return status;
    lade_batch_unref(*out);
    *out = NULL;
    return lade_error_set(err, LADE_ESTATE, "stopped");
}

static int get_state(void *ctx, char **out, struct lade_error *err) {
    const struct observed_source *w = ctx;
    return w->source.state_get(w->source.ctx, out, err);
}

static int set_state(void *ctx, const char *state, struct lade_error *err) {
    const struct observed_source *w = ctx;
    return w->source.state_set(w->source.ctx, state, err);
}

static int64_t name_sample(void *ctx, int64_t index, char *buffer, size_t size) {
    const struct observed_source *w = ctx;
    return w->source.sample_name(w->source.ctx, index, buffer, size);
}

static void close_observed(void *ctx) {
    const struct observed_source *w = ctx;
    w->source.close(w->source.ctx);
}

struct lade_source observed_source_open(struct observed_source *w) {
    struct lade_source source = w->source;
    source.ctx = w;
    source.next = next_observed;
    source.state_get = source.state_get ? get_state : NULL;
    source.state_set = source.state_set ? set_state : NULL;
    source.sample_name = source.sample_name ? name_sample : NULL;
    source.close = source.close ? close_observed : NULL;
    return source;
}
