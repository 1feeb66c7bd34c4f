/* Prints the first ten lines of a file with their line numbers. Uses a source and two combinators. The items are
   structs. */
#include <lade/lade.h>
#include <lade/short_iter.h>

struct numbered {
    long number;
    const char *line;
};

int main(int argc, char **argv) {
    lade_explain_overflow();
    struct lade_error err = {0};
    for_each (n, take(enumerate(struct numbered, lines(argc > 1 ? argv[1] : "-")), 10), &err)
        printf("%3ld  %s\n", n.number + 1, n.line);
    if (err.code)
        fprintf(stderr, "%s\n", err.message);
    return err.code != 0;
}
