/* Tests all combinations of 7 bodies, 5 ends and 5 arrangements. The bodies run different code at their end. An end is
   close, or throw with an error. An arrangement is the way in which the caller uses the body: directly, or through one
   or two generators that delegate to the body. The delegation starts before the first item of the body, or late, which
   means after the first item. matrix.py is the same program in Python. */
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

/* Makes a generator for the body and takes the first item of the body. Returns the generator that the caller of next()
   uses: the body itself, or a generator that delegates to it. If *held is set, the caller must also free *held. */
typedef gen_owned(long) arrangement(const struct body *body, gen(long) * held);

static gen_owned(long) shown(gen_owned(long) owned) {
    gen(long) g = owned;
    show_next(g);
    return gen_move(g);
}

static gen_owned(long) used_directly(const struct body *body, gen(long) * held) {
    (void)held;
    return shown(inner(body));
}

static gen_owned(long) delegated(const struct body *body, gen(long) * held) {
    (void)held;
    return shown(outer(inner(body), 1));
}

static gen_owned(long) delegated_late(const struct body *body, gen(long) * held) {
    *held = shown(inner(body));
    return outer(*held, 0);
}

static gen_owned(long) delegated_twice(const struct body *body, gen(long) * held) {
    (void)held;
    return shown(outer(outer(inner(body), 1), 1));
}

static gen_owned(long) delegated_twice_late(const struct body *body, gen(long) * held) {
    *held = shown(outer(inner(body), 1));
    return outer(*held, 0);
}

static void show(const char *name, arrangement *make, const struct body *body, const struct end *end) {
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
        arrangement *make;
    } arrangements[] = {{"used directly", used_directly},
                        {"delegated", delegated},
                        {"delegated late", delegated_late},
                        {"delegated twice", delegated_twice},
                        {"delegated twice late", delegated_twice_late}};
    parity_begin();
    for (size_t w = 0; w < sizeof arrangements / sizeof *arrangements; w++)
        for (size_t b = 0; b < sizeof bodies / sizeof *bodies; b++)
            for (size_t e = 0; e < sizeof ends / sizeof *ends; e++)
                show(arrangements[w].name, arrangements[w].make, &bodies[b], &ends[e]);
    return 0;
}
