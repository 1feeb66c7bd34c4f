/*
 * Fuzz target: the input is the saved state of a stream. If lade rejects the state, the error must have a message, and
 * the stream must continue. If lade accepts the state, the next batch of the stream must be a batch that exists.
 */
#define _GNU_SOURCE /* memfd_create */
#include <lade/flow.h>

#include "replay.h"

#include <string.h>

static lade_flow *make_flow(void) {
    struct lade_tensor *x = lade_tensor_new(LADE_UINT8, 4, (int64_t[]){10, 2, 2, 3});
    struct lade_tensor *y = lade_tensor_new(LADE_UINT8, 1, (int64_t[]){10});
    lade_flow *flow =
        lade_flow_from_arrays(x, y, NULL, &(struct lade_flow_options){.batch_size = 4, .workers = 1}, NULL);
    lade_tensor_unref(x);
    lade_tensor_unref(y);
    must(flow != NULL, "no stream");
    return flow;
}

/* Returns the state to resume. An input that begins with "@" stands for a valid state in which some bytes are replaced.
   The two bytes after "@" are the offset of these bytes (modulo the length), and the rest of the input is the
   replacement. */
static char *make_text(lade_flow *flow, const uint8_t *bytes, size_t n) {
    char *text = malloc(n + 1), *state = NULL;
    must(text && lade_flow_state(flow, &state, NULL) == LADE_OK, "no memory");
    memcpy(text, bytes, n);
    text[n] = 0;
    if (n < 3 || bytes[0] != '@') {
        lade_free(state);
        return text;
    }
    size_t length = strlen(state), at = (bytes[1] + 256 * (size_t)bytes[2]) % length;
    char *mixed = malloc(length + 1);
    must(mixed != NULL, "no memory");
    memcpy(mixed, state, length + 1);
    memcpy(mixed + at, text + 3, n - 3 < length - at ? n - 3 : length - at);
    lade_free(state);
    free(text);
    return mixed;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    static lade_flow *flow;
    struct lade_error err = {0};
    flow = flow ? flow : make_flow();
    char *text = make_text(flow, bytes, n);
    int status = lade_flow_resume(flow, text, &err);
    free(text);
    if (status != LADE_OK)
        must_be_error(err.code, err.message);
    struct lade_batch *b = NULL;
    must(lade_flow_next(flow, &b, &err) == LADE_OK && b->step < 3, "the stream does not continue");
    lade_batch_unref(b);
    return 0;
}
