/*
 * train/dnnl/engine.c - creates the CPU engine of oneDNN, and the scratch memory that all kernels of an engine share.
 * oneDNN's own scratch memory belongs to one thread. lade cannot use this memory, because a generator may move from one
 * thread to another.
 */
#include "train/dnnl/impl.h"

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl_debug.h>
#include <pthread.h>

int lade__dnnl_fail(struct lade_error *err, dnnl_status_t status, const char *what) {
    if (status == dnnl_out_of_memory)
        return lade_error_set(err, LADE_ENOMEM, "no memory for %s", what);
    return lade_error_set(err, LADE_ERUNTIME, "oneDNN %d.%d cannot make or run %s: %s", dnnl_version()->major,
                          dnnl_version()->minor, what, dnnl_status2str(status));
}

void lade__dnnl_block_signals(sigset_t *before) {
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    sigset_t blocked;
    sigfillset(&blocked);
    /* The signals of faults are not blocked. If a fault occurs while its signal is blocked, Linux kills the process and
       does not call the signal handler. */
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(&blocked, faults[i]);
    pthread_sigmask(SIG_BLOCK, &blocked, before);
}

void lade__dnnl_restore_signals(const sigset_t *before) {
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

char *lade__engine_version(char text[LADE__ENGINE_VERSION]) {
    const dnnl_version_t *v = dnnl_version();
    snprintf(text, LADE__ENGINE_VERSION, "oneDNN %d.%d.%d, isa 0x%x", v->major, v->minor, v->patch,
             (unsigned)dnnl_get_effective_cpu_isa());
    return text;
}

/*
 * Finds the functions of OpenMP at run time. The functions must come from the OpenMP library that oneDNN is linked
 * with, because another library would start a second set of threads. If one of the functions is missing, both pointers
 * are NULL.
 */
static void find_openmp(struct lade__engine *e) {
    if (dnnl_version()->cpu_runtime != DNNL_RUNTIME_OMP)
        return;
    *(void **)&e->get_threads = dlsym(RTLD_DEFAULT, "omp_get_max_threads");
    *(void **)&e->set_threads = dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    if (!e->get_threads || !e->set_threads)
        e->get_threads = NULL, e->set_threads = NULL;
}

int lade__dnnl_swap_threads(const struct lade__engine *e, int threads) {
    int before = e->set_threads ? e->get_threads() : threads;
    if (before != threads)
        e->set_threads(threads);
    return before;
}

void lade__engine_set_threads(struct lade__engine *e, int threads) {
    e->threads = threads;
}

/* Makes attributes for primitives whose caller provides the scratch memory. If @relu is true, the primitives also
   compute a relu. */
static dnnl_status_t make_attributes(dnnl_primitive_attr_t *out, bool relu) {
    dnnl_status_t s = dnnl_primitive_attr_create(out);
    if (!s)
        s = dnnl_primitive_attr_set_scratchpad_mode(*out, dnnl_scratchpad_mode_user);
    if (s || !relu)
        return s;
    dnnl_post_ops_t ops;
    s = dnnl_post_ops_create(&ops);
    if (s)
        return s;
    s = lade__dnnl_append_relu(ops);
    if (!s)
        s = dnnl_primitive_attr_set_post_ops(*out, ops); /* copies @ops */
    dnnl_post_ops_destroy(ops);
    return s;
}

int lade__engine_new(struct lade__engine **out, struct lade_error *err) {
    *out = NULL;
    struct lade__engine *e = lade_calloc(1, sizeof *e);
    if (!e)
        return lade_error_set(err, LADE_ENOMEM, "no memory for a compute engine");
    find_openmp(e);
    e->threads = 1;
    dnnl_status_t s = dnnl_engine_create(&e->engine, dnnl_cpu, 0);
    if (!s)
        s = dnnl_stream_create(&e->stream, e->engine, dnnl_stream_default_flags);
    if (!s)
        s = make_attributes(&e->attributes, false);
    if (!s)
        s = make_attributes(&e->with_relu, true);
    if (s) {
        lade__engine_free(e);
        return lade__dnnl_fail(err, s, "a compute engine");
    }
    *out = e;
    return LADE_OK;
}

void lade__engine_free(struct lade__engine *e) {
    if (!e)
        return;
    if (e->with_relu)
        dnnl_primitive_attr_destroy(e->with_relu);
    if (e->attributes)
        dnnl_primitive_attr_destroy(e->attributes);
    if (e->stream)
        dnnl_stream_destroy(e->stream);
    if (e->engine)
        dnnl_engine_destroy(e->engine);
    lade_free_aligned(e->scratch);
    lade_free(e);
}

dnnl_status_t lade__dnnl_reserve(struct lade__engine *e, size_t size) {
    if (size <= e->scratch_size)
        return dnnl_success;
    char *scratch = lade_alloc_aligned(size);
    if (!scratch)
        return dnnl_out_of_memory;
    lade_free_aligned(e->scratch);
    e->scratch = scratch;
    e->scratch_size = size;
    return dnnl_success;
}
