/* Tests backtracking with generators. Level i of a search chooses values[i]. Each level has a generator that yields the
   candidates of this level, and the levels work like nested loops. The knight's tour has 100 active generators.
   conjoin.py is the same program in Python. */
#include "parity.h"

/* A search for n values. candidates(s, i) returns a generator of the candidates for values[i]. */
struct search {
    int n;
    gen_owned(long) (*candidates)(struct search *s, int i);
    long values[100];
    gen(long) live[100]; /* conjoin_by_loop() stores here the generator of each level */
};

generator(long, level, struct search *, s, int, i)
{
    if (i >= s->n) {
        yield(0);
        return;
    }
    for_each (value, s->candidates(s, i)) {
        s->values[i] = value;
        yield_from(level(s, i + 1));
    }
}

static gen_owned(long) conjoin(struct search *s) {
    return level(s, 0);
}

/* Frees the generators that are still active. */
static void drop_live(struct search **s) {
    for (int i = (*s)->n; i-- > 0;) {
        gen_free((*s)->live[i]);
        (*s)->live[i] = NULL;
    }
}

generator(long, conjoin_by_loop, struct search *, s)
{
    __attribute__((unused)) lade_cleanup(drop_live) struct search *dropped = s;
    int i = 0;
    if (!s->n) {
        yield(0);
        return;
    }
    s->live[0] = s->candidates(s, 0);
    while (i >= 0) {
        long *value = next(s->live[i]);
        if (!value) {
            gen_free(s->live[i]);
            s->live[i--] = NULL;
            continue;
        }
        s->values[i] = *value;
        if (i == s->n - 1) {
            yield(0);
        } else {
            i++;
            s->live[i] = s->candidates(s, i);
        }
    }
}

typedef gen_owned(long) solver(struct search *s);

/* ---- Bits -------------------------------------------------------------------------------------------------------- */

generator(long, bit)
{
    yield(0);
    yield(1);
}

static gen_owned(long) any_bit(struct search *s, int i) {
    (void)s;
    (void)i;
    return bit();
}

static void show_bits(void) {
    title("three bits");
    struct search three = {.n = 3, .candidates = any_bit};
    for_each (x, conjoin(&three)) {
        (void)x;
        say("[%ld, %ld, %ld]", three.values[0], three.values[1], three.values[2]);
    }

    title("the number of combinations of n bits");
    for (int n = 0; n < 10; n++) {
        struct search s = {.n = n, .candidates = any_bit}, t = s;
        int solutions = 0, zeros = 0, ones = 0, same = 1;
        gen_auto(long) again = conjoin_by_loop(&t);
        for_each (x, conjoin(&s)) {
            long total = x;
            for (int i = 0; i < n; i++)
                total += s.values[i];
            zeros += !solutions && total == 0;
            ones = total == n;
            solutions++;
            same = same && next(again) && !memcmp(s.values, t.values, sizeof s.values);
        }
        same = same && !next(again);
        say("%d %d %s %s %s", n, solutions, zeros ? "True" : "False", ones ? "True" : "False", same ? "True" : "False");
    }
}

/* ---- Queens ------------------------------------------------------------------------------------------------------ */

struct queens {
    struct search search; /* must be the first member, because free_columns() casts the address of this member */
    char column[8], rising[15], falling[15];
};

generator(long, row, struct queens *, q, int, i)
{
    for (int j = 0; j < 8; j++) {
        if (q->column[j] || q->rising[i + j] || q->falling[i - j + 7])
            continue;
        q->column[j] = q->rising[i + j] = q->falling[i - j + 7] = 1;
        yield(j);
        q->column[j] = q->rising[i + j] = q->falling[i - j + 7] = 0;
    }
}

static gen_owned(long) free_columns(struct search *s, int i) {
    return row((struct queens *)s, i);
}

static void show_queens(solver *solve) {
    struct queens q = {.search = {.n = 8, .candidates = free_columns}};
    int solutions = 0;
    for_each (x, solve(&q.search)) {
        (void)x;
        if (++solutions > 2)
            continue;
        say("solution %d", solutions);
        for (int i = 0; i < 8; i++)
            say("%.*sQ%.*s", (int)q.search.values[i], ".......", (int)(7 - q.search.values[i]), ".......");
    }
    say("%d solutions", solutions);
}

/* ---- The knight's tour ------------------------------------------------------------------------------------------- */

enum { SIZE = 10, SQUARES = SIZE * SIZE };

struct tour {
    struct search search; /* must be the first member, because next_squares() casts the address of this member */
    char exits[SQUARES][SQUARES];
    int here, last;
};

static void tour_init(struct tour *t, int (*step)[2]) {
    for (int square = 0; square < SQUARES; square++)
        for (int k = 0; k < 8; k++) {
            int i = square / SIZE + step[k][0], j = square % SIZE + step[k][1];
            if (i >= 0 && i < SIZE && j >= 0 && j < SIZE)
                t->exits[square][i * SIZE + j] = 1;
        }
}

static int exits_of(const struct tour *t, int square) {
    int n = 0;
    for (int other = 0; other < SQUARES; other++)
        n += t->exits[square][other];
    return n;
}

/* Removes @square from the exits of its neighbours. Returns false if the tour can then not be completed. */
static int take_square(struct tour *t, int square) {
    int dead = 0, forced = 0;
    for (int other = 0; other < SQUARES; other++)
        if (t->exits[square][other]) {
            t->exits[other][square] = 0;
            int left = exits_of(t, other);
            dead += left == 0;
            forced += left == 1;
        }
    return !dead && forced < 2;
}

static void give_back(struct tour *t, int square) {
    for (int other = 0; other < SQUARES; other++)
        if (t->exits[square][other])
            t->exits[other][square] = 1;
}

generator(long, first_square, struct tour *, t)
{
    take_square(t, 0);
    t->here = 0;
    yield(0);
    give_back(t, 0);
}

/* The tour starts in a corner, which has two neighbours. In a closed tour, one neighbour is the second square and the
   other neighbour is the last square. */
generator(long, second_square, struct tour *, t)
{
    const int pair[] = {SIZE + 2, 2 * SIZE + 1};
    for (int k = 0; k < 2; k++) {
        int this = pair[k];
        int home = t->last = pair[!k];
        take_square(t, this);
        t->exits[home][0] = 1;
        t->here = this;
        yield(this);
        t->exits[home][0] = 0;
        give_back(t, this);
    }
}

/* Stores in @ranked the squares that can be next, sorted by their number of exits. Returns the number of these squares.
   If a square has only one exit, this square must be the next, so the function returns 1. */
static int ranked_exits(const struct tour *t, int *ranked) {
    int n = 0;
    for (int exits = 0; exits <= 8; exits++)
        for (int square = 0; square < SQUARES; square++)
            if (t->exits[t->here][square] && exits_of(t, square) == exits)
                ranked[n++] = square;
    return n && exits_of(t, ranked[0]) == 1 ? 1 : n;
}

generator(long, advance, struct tour *, t)
{
    int ranked[8], n = ranked_exits(t, ranked);
    for (int k = 0; k < n; k++) {
        if (ranked[k] == t->last)
            continue;
        if (take_square(t, ranked[k])) {
            t->here = ranked[k];
            yield(ranked[k]);
        }
        give_back(t, ranked[k]);
    }
}

generator(long, last_square, struct tour *, t)
{
    if (t->exits[t->here][t->last])
        yield(t->last);
}

static gen_owned(long) next_squares(struct search *s, int i) {
    struct tour *t = (struct tour *)s;
    return i == 0 ? first_square(t) : i == 1 ? second_square(t) : i == SQUARES - 1 ? last_square(t) : advance(t);
}

static void show_tours(solver *solve) {
    static struct tour t;
    t = (struct tour){.search = {.n = SQUARES, .candidates = next_squares}};
    tour_init(&t, (int[][2]){{1, 2}, {2, 1}, {2, -1}, {1, -2}, {-1, -2}, {-2, -1}, {-2, 1}, {-1, 2}});
    int tours = 0;
    for_each (x, solve(&t.search)) {
        (void)x;
        int order[SQUARES];
        for (int k = 0; k < SQUARES; k++)
            order[t.search.values[k]] = k + 1;
        for (int i = 0; i < SQUARES; i++)
            printf("%3d%c", order[i], i % SIZE == SIZE - 1 ? '\n' : ' ');
        if (++tours == 2)
            break;
        say(" ");
    }
}

int main(void) {
    parity_begin();
    show_bits();
    title("eight queens");
    show_queens(conjoin);
    show_queens(conjoin_by_loop);
    title("two knight's tours on a board of 10 by 10 squares");
    show_tours(conjoin);
    show_tours(conjoin_by_loop);
    return 0;
}
