/*
 * Loads and unloads a plugin that uses generators, many times. Threads that used the plugin end after it was unloaded.
 *
 *     host PLUGIN [stays]
 *
 * The program itself does not use lade. When the plugin is unloaded, its thread-specific key and its memory must be
 * released. With the argument `stays`, dlclose() may keep the plugin loaded, as in musl. Prints the first error and
 * exits with 1.
 */
#define _GNU_SOURCE /* RTLD_NOLOAD */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS = 200, WARM = 20, GENERATORS = 90 };

static long (*run)(long);
static long result;
static pthread_barrier_t used, unloaded;

static void *use(void *unused) {
    result = run(GENERATORS);
    pthread_barrier_wait(&used);
    pthread_barrier_wait(&unloaded);
    return unused; /* the C library calls the destructors of thread-specific keys now */
}

static void fail(const char *what) {
    printf("%s\n", what);
    exit(1);
}

static long address_space(void) {
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%ld", &pages) != 1)
        fail("cannot read /proc/self/statm");
    fclose(f);
    return pages * sysconf(_SC_PAGESIZE);
}

/* Returns the number of keys that the process can still create. */
static int free_keys(void) {
    static pthread_key_t keys[4096];
    int n = 0, made;
    while (n < 4096 && !pthread_key_create(&keys[n], NULL))
        n++;
    made = n;
    while (n > 0)
        pthread_key_delete(keys[--n]);
    return made;
}

static void load_and_unload(const char *path, int stays) {
    pthread_t thread;
    void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!plugin)
        fail(dlerror());
    void *symbol = dlsym(plugin, "plugin_run");
    memcpy(&run, &symbol, sizeof run);
    if (!run || run(GENERATORS) != GENERATORS + 6)
        fail("the plugin returned a wrong number to the main thread");
    if (pthread_create(&thread, NULL, use, NULL))
        fail("pthread_create");
    pthread_barrier_wait(&used);
    if (result != GENERATORS + 6)
        fail("the plugin returned a wrong number to a thread");
    dlclose(plugin);
    if (!stays && dlopen(path, RTLD_NOW | RTLD_NOLOAD))
        fail("dlclose() has not unloaded the plugin");
    pthread_barrier_wait(&unloaded);
    pthread_join(thread, NULL);
}

int main(int argc, char **argv) {
    if (argc < 2)
        fail("usage: host PLUGIN [stays]");
    const int stays = argc > 2;
    long before = 0;
    int keys = 0;
    pthread_barrier_init(&used, NULL, 2);
    pthread_barrier_init(&unloaded, NULL, 2);
    for (int i = 0; i < ROUNDS; i++) {
        if (i == WARM) {
            before = address_space();
            keys = free_keys();
        }
        load_and_unload(argv[1], stays);
    }
    printf("%d loads took %ld KiB of address space and %d keys\n", ROUNDS - WARM, (address_space() - before) / 1024,
           keys - free_keys());
    if (keys != free_keys())
        fail("the loads have not released all thread-specific keys");
    if (address_space() - before > (ROUNDS - WARM) * 1024L)
        fail("the loads have not released their address space");
    return 0;
}
