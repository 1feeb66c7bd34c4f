/* The result of each body for each way of ending it: 7 bodies and 5 ends. The caller of next() uses the body directly, or
   a generator delegates to it before or after the first item of the body, with one or two levels of delegation. The same
   as matrix.py. */
#include "parity.h"

enum { DOES_NOTHING, RAISES, YIELDS, RETURNS };

static const struct body {
    const char *name;
    int kind, status;
} bodies[] = {
    {"does nothing", DOES_NOTHING, 0},
    {"raises GeneratorExit", RAISES, LADE_EXIT},
    {"raises StopIteration", RAISES, LADE_STOP},
    {"raises Fatal", RAISES, FATAL},
    {"raises Spam", RAISES, SPAM},
    {"yields", YIELDS, 0},
    {"returns", RETURNS, 0},
};

static const struct end {
    const char *name;
    int status;
} ends[] = {
    {"close", 0},
    {"throw GeneratorExit", LADE_EXIT},
    {"throw StopIteration", LADE_STOP},
    {"throw Fatal", FATAL},
    {"throw Eggs", EGGS},
};

generator(long, inner, const struct body *, body)
{
    yield(0);
    int thrown = try_yield(1);
    if (!thrown)
        thrown = try_yield(2);
    say("inner's finally");
    if (body->kind == RAISES)
        lade_fail_status(body->status, "raised");
    if (body->kind == YIELDS) {
        yield(9);
        say("inner continues");
    }
    if (body->kind == RETURNS)
        gen_return(4);
    if (thrown)
        lade_fail_status(thrown, "thrown");
    gen_return(3);
}

generator(long, outer, gen(long), g, int, owned)
{
    finally("outer's finally");
    long result = owned ? yield_from(gen_move(g)) : yield_from(g);
    say("outer has %ld", result);
    gen_return(result);
}

/* Returns a generator that uses the body, after the body has yielded its first item. *held is a generator that the caller frees as well. */
typedef gen_owned(long) way(const struct body *body, gen(long) * held);

static gen_owned(long) shown(gen_owned(long) owned) {
    gen(long) g = owned;
    show_next(g);
    return gen_move(g);
}

static gen_owned(long) pulled(const struct body *body, gen(long) * held) {
    (void)held;
    return shown(inner(body));
}

static gen_owned(long) delegated(const struct body *body, gen(long) * held) {
    (void)held;
    return shown(outer(inner(body), 1));
}

static gen_owned(long) under_way(const struct body *body, gen(long) * held) {
    *held = shown(inner(body));
    return outer(*held, 0);
}

static gen_owned(long) delegated_twice(const struct body *body, gen(long) * held) {
    (void)held;
    return shown(outer(outer(inner(body), 1), 1));
}

static gen_owned(long) under_way_twice(const struct body *body, gen(long) * held) {
    *held = shown(outer(inner(body), 1));
    return outer(*held, 0);
}

static void show(const char *name, way *make, const struct body *body, const struct end *end) {
    say("-- %s: %s: %s", name, body->name, end->name);
    gen_auto(long) held = NULL;
    gen_auto(long) g = make(body, &held);
    show_next(g);
    if (end->status)
        show_throw(g, end->status, "thrown");
    else
        show_close(g);
    say("%s", state_name(gen_state(g)));
    show_next(g);
    show_next(g);
    show_close(g);
}

int main(void) {
    static const struct {
        const char *name;
        way *make;
    } ways[] = {{"pulled", pulled},
                {"delegated", delegated},
                {"under way", under_way},
                {"delegated twice", delegated_twice},
                {"under way twice", under_way_twice}};
    parity_begin();
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++)
        for (size_t b = 0; b < sizeof bodies / sizeof *bodies; b++)
            for (size_t e = 0; e < sizeof ends / sizeof *ends; e++)
                show(ways[w].name, ways[w].make, &bodies[b], &ends[e]);
    return 0;
}
