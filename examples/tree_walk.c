/* Walks a directory tree with a generator that delegates to itself. Prints the paths of .h files, ten paths on each
   line. */
#include <lade/lade.h>
#include <lade/short_iter.h>
#include <stdlib.h>
#include <string.h>

generator(const char *, walk, const char *, dir) {
    for_each (entry, lade_dir(dir)) {
        lade_cleanup(lade_freep) char *path = lade_alloc(strlen(dir) + strlen(entry.name) + 2);
        if (!path)
            lade_fail_status(LADE_ENOMEM, "no memory for a path below %s", dir);
        sprintf(path, "%s/%s", dir, entry.name);
        if (entry.is_dir)
            yield_from(walk(path));
        else
            yield(path);
    }
}

static bool is_header(const char *path) {
    size_t n = strlen(path);
    return n > 2 && strcmp(path + n - 2, ".h") == 0;
}

int main(int argc, char **argv) {
    lade_explain_overflow();
    struct lade_error err = {0};
    for_each (batch, batched(filter(is_header, walk(argc > 1 ? argv[1] : ".")), 10), &err)
        print(batch);
    if (err.code)
        fprintf(stderr, "%s\n", err.message);
    return err.code != 0;
}
