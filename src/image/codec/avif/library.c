/*
 * Loads libavif with dlopen(). libavif needs about 30 other libraries, mostly encoders, so a program that was linked
 * with libavif would start several times slower, even if it reads no AVIF. CMake finds the soname of the library
 * (LADE_AVIF_SONAME), so the loaded library has the ABI of the header.
 */
#include "image/codec/avif/library.h"

#if LADE_WITH_AVIF
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static struct lade__libavif functions;
static bool loaded;

static void load(void) {
    void *library = dlopen(LADE_AVIF_SONAME, RTLD_NOW | RTLD_LOCAL);
    void *address;
    if (!library)
        return;
    loaded = true;
#define FIND(name)                                     \
    address = dlsym(library, "avif" #name);            \
    memcpy(&functions.name, &address, sizeof address); \
    loaded &= address != NULL;
    LADE__LIBAVIF_FUNCTIONS(FIND)
#undef FIND
}

const struct lade__libavif *lade__libavif(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return loaded ? &functions : NULL;
}
#endif
