/* Contains examples from mailing lists: combinations, the state of a running generator, and union-find with generators.
   email.py is the same program in Python. */
#include "parity.h"

generator(const char *, nothings)
{
    for (int i = 0; i < 3; i++)
        yield((const char *)NULL);
    yield((const char *)NULL);
}

generator(long, stop_by_hand)
{
    int raised;
    yield(1);
    raised = LADE_STOP;
    if (raised)
        yield(2);
    yield(3);
}

struct combination {
    int n;
    long item[4];
};

generator(struct combination, combinations, const long *, items, int, n, int, k)
{
    if (k > n)
        return;
    if (!k) {
        yield((struct combination){0});
        return;
    }
    for_each (rest, combinations(items + 1, n - 1, k - 1)) {
        struct combination c = {.n = rest.n + 1, .item = {items[0]}};
        memcpy(c.item + 1, rest.item, (size_t)rest.n * sizeof *c.item);
        yield(c);
    }
    yield_from(combinations(items + 1, n - 1, k));
}

static gen(long) me;

generator(long, asks)
{ yield(gen_state(me) == LADE_GEN_RUNNING); }

struct set {
    char name;
    struct set *parent;
    gen(struct set *) root;
};

generator_decl(struct set *, by_loop, struct set *, s);

generator(struct set *, roots, struct set *, s)
{
    while (!s->parent)
        yield(s);
    yield_from(by_loop(s->parent));
}

generator(struct set *, by_loop, struct set *, s)
{
    for_each (root, s->root)
        yield(root);
}

static void show_combinations(void) {
    const long items[] = {1, 2, 3, 4};
    for (int k = 0; k < 6; k++) {
        say("%d of 4:", k);
        for_each (c, combinations(items, 4, k)) {
            printf("    [");
            for (int i = 0; i < c.n; i++)
                printf("%s%ld", i ? ", " : "", c.item[i]);
            puts("]");
        }
    }
}

static unsigned draw(unsigned *seed, unsigned n) {
    *seed = (*seed * 1103515245u + 12345u) & 0x7fffffff;
    return *seed / 65536 % n;
}

static void join_sets(void) {
    struct set sets[13], *left[13];
    for (int i = 0; i < 13; i++) {
        sets[i] = (struct set){(char)('A' + i), NULL, NULL};
        sets[i].root = roots(&sets[i]);
        left[i] = &sets[i];
    }
    unsigned seed = 42;
    for (unsigned n = 13;; n--) {
        for (int i = 0; i < 13; i++)
            printf("%s%c>%c", i ? " " : "", sets[i].name, (*next(sets[i].root))->name);
        putchar('\n');
        if (n == 1)
            break;
        unsigned i = draw(&seed, n);
        struct set *joined = left[i];
        memmove(left + i, left + i + 1, (n - i - 1) * sizeof *left);
        joined->parent = left[draw(&seed, n - 1)];
        say("%c joins %c", joined->name, joined->parent->name);
    }
    for (int i = 0; i < 13; i++)
        gen_free(sets[i].root);
}

int main(void) {
    parity_begin();
    title("None is an item");
    int none = 0;
    for_each (x, nothings())
        none += x == NULL;
    say("%lld items, %d of them None", count(nothings()), none);
    title("StopIteration that is raised and caught in one body is like any exception");
    show_list("stop_by_hand", stop_by_hand());
    title("combinations");
    show_combinations();

    title("the state of a running generator");
    gen_auto(long) g = asks();
    me = g;
    say("%s", state_name(gen_state(g)));
    show_next(g);
    say("%s", state_name(gen_state(g)));
    show_next(g);
    say("%s", state_name(gen_state(g)));

    title("a generator is its own iterator");
    gen_auto(long) h = stop_by_hand();
    for_each (x, h) {
        say("loop %ld", x);
        break;
    }
    show_next(h);
    show_list("the rest", h);

    title("sets whose roots are found by chained generators");
    join_sets();
    return 0;
}
