/*
 * train/own_stack.c - lade_fit() is a generator: its body runs on a stack of 64 KiB, or on what another generator has
 * left of its own. Making a oneDNN primitive takes half of that, and it is the one thing here that does. It happens
 * once per layer and batch size, so a thread made for the occasion costs nothing that counts.
 */
#include "train/own_stack.h"

#include <pthread.h>
#include <string.h>

#define STACK_BYTES ((size_t)4 << 20) /* address space; only touched pages take memory */

struct call {
    int (*fn)(void *ctx, struct lade_error *err);
    void *ctx;
    struct lade_error *err;
    int result;
};

static void *run(void *arg) {
    struct call *call = arg;
    call->result = call->fn(call->ctx, call->err);
    return NULL;
}

int lade__on_own_stack(int (*fn)(void *ctx, struct lade_error *err), void *ctx, struct lade_error *err) {
    struct call call = {fn, ctx, err, LADE_OK};
    pthread_attr_t attributes;
    pthread_t thread;
    int e = pthread_attr_init(&attributes);
    if (e == 0) {
        e = pthread_attr_setstacksize(&attributes, STACK_BYTES);
        if (e == 0)
            e = pthread_create(&thread, &attributes, run, &call);
        pthread_attr_destroy(&attributes);
    }
    if (e != 0)
        return lade_error_set(err, LADE_ENOMEM, "cannot start a thread to prepare the net: %s", strerror(e));
    pthread_join(thread, NULL);
    return call.result;
}
