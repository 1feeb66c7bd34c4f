/* Tests random programs, which find cases that no scenario contains. A program has bodies of a few random steps: yield,
   catch, delegate, loop, sum, raise and return. The caller is also random. dice.py is the same program in Python. */
#include "parity.h"

enum { BODIES = 6, STEPS = 6, PROGRAMS = 400 };
enum step_kind { YIELD, TRY, DELEGATE, LOOP, SUM, RETURN, RAISE, SAY };
enum { OWNED, NAMED, STARTED };
enum { GO_ON, RAISE_AGAIN, YIELD_AND_RAISE, RAISE_OTHER, AND_RETURN };

struct step {
    enum step_kind what;
    int value, how, other;
};

struct program {
    int n[BODIES];
    struct step step[BODIES][STEPS];
};

static const int errors[] = {SPAM, EGGS, FATAL, LADE_EXIT, LADE_STOP};

static unsigned state;

static int draw(unsigned n) {
    state = (state * 1103515245u + 12345u) & 0x7fffffff;
    return (int)((state >> 16) % n);
}

/* Draws a step of body @k. If @tame is true, the step does not catch or raise. */
static struct step draw_step(int k, int tame) {
    static const enum step_kind kinds[] = {YIELD, TRY, DELEGATE, LOOP, SUM,      RETURN,
                                           RAISE, SAY, YIELD,    TRY,  DELEGATE, DELEGATE};
    struct step s = {.what = kinds[draw(12)]};
    s.value = draw(90) + 1;
    s.how = draw(5);
    s.other = k + 1 + draw(BODIES);
    if (tame && (s.what == TRY || s.what == RAISE))
        s.what = YIELD;
    if (s.other >= BODIES && (s.what == DELEGATE || s.what == LOOP || s.what == SUM))
        s.what = YIELD;
    if ((s.what == LOOP || s.what == SUM) && s.other < BODIES - 2)
        s.other = BODIES - 2 + draw(2);
    if ((s.what == LOOP || s.what == SUM) && s.other <= k)
        s.what = SAY;
    return s;
}

static void draw_program(struct program *p) {
    for (int k = 0; k < BODIES; k++) {
        p->n[k] = 1 + draw(STEPS);
        for (int i = 0; i < p->n[k]; i++)
            p->step[k][i] = draw_step(k, k >= BODIES - 2);
    }
}

static void say_end(const int *k) {
    say("~%d", *k);
}

generator(long, body, const struct program *, p, int, k)
{
    __attribute__((unused)) lade_cleanup(say_end) int end = k;
    for (int i = 0; i < p->n[k]; i++) {
        const struct step *s = &p->step[k][i];
        int how = s->how;
        if (s->what == YIELD) {
            long sent = yield(s->value);
            if (sent)
                say("%d got %ld", k, sent);
        } else if (s->what == TRY) {
            int caught = try_yield(s->value);
            if (!caught)
                continue;
            say("%d caught %s", k, error_name(caught));
            if (how == GO_ON && caught == LADE_EXIT)
                how = YIELD_AND_RAISE;
            if (how == YIELD_AND_RAISE)
                yield(99);
            if (how == YIELD_AND_RAISE || how == RAISE_AGAIN)
                lade_fail_status(caught, "thrown");
            if (how == RAISE_OTHER)
                lade_fail_status(EGGS, "other");
            if (how == AND_RETURN)
                gen_return(s->value);
        } else if (s->what == DELEGATE && how % 3 == OWNED) {
            long result = yield_from(body(p, s->other));
            say("%d has %ld", k, result);
        } else if (s->what == DELEGATE) {
            long result = 0;
            {
                gen_auto(long) g = body(p, s->other);
                if (how % 3 == STARTED) {
                    long *first = next(g);
                    if (gen_error(g))
                        lade_fail_with(gen_error(g));
                    say("%d skips %ld", k, first ? *first : 0);
                }
                result = yield_from(g);
            }
            say("%d has %ld", k, result);
        } else if (s->what == LOOP) {
            struct lade_error err = {0};
            for_each (x, body(p, s->other), &err) {
                long sent = yield(x);
                if (sent)
                    say("%d got %ld", k, sent);
            }
            if (err.code)
                lade_fail_with(&err);
        } else if (s->what == SUM) {
            struct lade_error err = {0};
            long long total = sum(body(p, s->other), &err);
            if (err.code)
                lade_fail_with(&err);
            say("%d sums %lld", k, total);
        } else if (s->what == RETURN) {
            gen_return(s->value);
        } else if (s->what == RAISE) {
            lade_fail_status(errors[how], "raised");
        } else {
            say("%d says %d", k, s->value);
        }
    }
}

static void run(const struct program *p) {
    gen(long) g = body(p, 0);
    for (int i = 0; i < 24; i++) {
        int what = draw(10);
        long value = draw(90) + 1;
        int error = errors[draw(5)];
        if (gen_state(g) == LADE_GEN_DONE) {
            show_next(g);
            gen_free(g);
            g = body(p, 0);
        }
        if (what < 2)
            show_send(g, value);
        else if (what < 4 && gen_state(g) != LADE_GEN_CREATED)
            show_throw(g, error, "thrown");
        else if (what == 4 && draw(3) == 0)
            show_close(g);
        else
            show_next(g);
        say("%s", state_name(gen_state(g)));
    }
    while (gen_state(g) != LADE_GEN_DONE)
        show_close(g);
    gen_free(g);
}

int main(void) {
    parity_begin();
    for (unsigned n = 0; n < PROGRAMS; n++) {
        struct program p;
        state = n * 7919 + 1;
        say("-- program %u", n);
        draw_program(&p);
        run(&p);
        show_list("list", body(&p, 0));
    }
    return 0;
}
