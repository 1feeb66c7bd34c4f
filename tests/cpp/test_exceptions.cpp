/* Tests of exceptions that pass through generators, also through generators that are written in C. */
#include "cpp/generators.h"
#include <lade/lade.hpp>

#include "support/check_main.h"

#include <new>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <thread>

#include <lade/short.hpp>

struct own {
    long value;
};

generator_static(long, failing, long, n) {
    for (long i = 0; i < n; i++)
        yield(i);
    throw own{n};
}

generator_static(long, fails_with_text, std::string, text) {
    yield(1);
    throw std::runtime_error(text);
}

generator_static(long, no_memory) {
    yield(1);
    throw std::bad_alloc();
}

generator_static(long, delegating, lade::generator<long>, source) {
    yield(-1);
    yield_from(source);
}

generator_static(long, catching) {
    try {
        yield_from(failing(2));
    } catch (const own &e) {
        yield(10 + e.value);
        yield(20 + e.value); /* in the catch block */
        try {
            throw;
        } catch (const own &again) {
            yield(30 + again.value);
        }
    }
    try {
        yield(40);
    } catch (const lade::error &e) {
        yield(e.status());
    }
    yield(50);
}

generator_static(long, uses_lade_fail) {
    yield(1);
    lade_fail_status(LADE_ENOENT, "no %s", "file");
}

generator_static(long, throws_at_close) {
    struct at_end {
        ~at_end() {}
    } end;
    if (try_yield(1) == LADE_EXIT)
        throw own{7};
}

/* Reads g to its end, and returns the value of the exception. */
template <class G> static long caught(G &&g) {
    try {
        for (long x : g)
            (void)x;
    } catch (const own &e) {
        return e.value;
    }
    return -1;
}

START_TEST(an_exception_reaches_the_consumer) {
    ck_assert_int_eq(caught(failing(3)), 3);
    lade::generator<long> g = failing(1);
    ck_assert_int_eq(*g.next(), 0);
    try {
        g.next();
        ck_abort();
    } catch (const own &e) {
        ck_assert_int_eq(e.value, 1);
    }
    ck_assert(!g.next());
    try {
        lade::sum(failing(4)); /* drained */
        ck_abort();
    } catch (const own &e) {
        ck_assert_int_eq(e.value, 4);
    }
}
END_TEST

START_TEST(an_exception_passes_through_c) {
    ck_assert_int_eq(caught(lade::take(failing(3), 10)), 3);
    ck_assert_int_eq(caught(c_doubled(failing(5))), 5);
    ck_assert_int_eq(caught(delegating(c_doubled(delegating(failing(6))))), 6);
    lade::generator<long> pulled = c_doubled(failing(0));
    ck_assert_int_eq(caught(pulled), 0);
    ck_assert_int_eq(caught(lade::prefetch(failing(8), 4)), 8); /* from another thread */
}
END_TEST

START_TEST(a_consumer_in_c_gets_an_error) {
    long sum;
    lade_error err{};
    ck_assert_int_eq(c_sum_status(fails_with_text("so what"), &sum, &err), LADE_ERUNTIME);
    ck_assert_str_eq(err.message, "so what");
    ck_assert_int_eq(c_sum_status(no_memory(), &sum, &err), LADE_ENOMEM);
    ck_assert_int_eq(c_sum_status(uses_lade_fail(), &sum, &err), LADE_ENOENT);
    ck_assert_str_eq(err.message, "no file");
    ck_assert_int_eq(c_sum_status(failing(2), &sum, &err), LADE_ERUNTIME);
    ck_assert_int_ne(err.message[0], 0);
    for (int i = 0; i < 1000; i++) /* exceptions that no code catches do not accumulate in memory */
        ck_assert_int_eq(c_sum_status(fails_with_text("again"), &sum, &err), LADE_ERUNTIME);
    ck_assert_int_eq(caught(failing(3)), 3);
}
END_TEST

START_TEST(errors_of_c_are_caught_in_a_function) {
    lade::generator<long> g = catching();
    std::string text;
    for (long x : g) {
        text += std::to_string(x) + " ";
        if (x == 40)
            break;
    }
    ck_assert(text == "0 1 12 22 32 40 ");
    ck_assert_int_eq(*g.throw_(LADE_EFORMAT, "damaged"), LADE_EFORMAT);
    ck_assert_int_eq(*g.next(), 50);
    ck_assert_int_eq(lade::count(catching()), 7);
    try {
        lade::count(delegating(c_failing(1)));
        ck_abort();
    } catch (const lade::error &e) {
        ck_assert_int_eq(e.status(), LADE_EIO);
        ck_assert_str_eq(e.subject(), "disk");
    }
}
END_TEST

START_TEST(catch_blocks_of_generator_and_consumer_do_not_mix) {
    lade::generator<long> g = catching();
    for (int i = 0; i < 3; i++)
        g.next(); /* the generator is now suspended in its catch block */
    try {
        throw std::runtime_error("the consumer's");
    } catch (const std::exception &e) {
        for (int i = 0; i < 3; i++)
            g.next(); /* ends both catch blocks of the generator */
        ck_assert_str_eq(e.what(), "the consumer's");
        try {
            throw;
        } catch (const std::runtime_error &again) {
            ck_assert_str_eq(again.what(), "the consumer's");
        }
    }
    ck_assert(std::current_exception() == nullptr);
    ck_assert_int_eq(*g.next(), 50);

    lade::generator<long> moved = catching();
    for (int i = 0; i < 3; i++)
        moved.next();
    std::thread([&moved] {
        try {
            throw 1;
        } catch (int) {
            ck_assert_int_eq(*moved.next(), 22);
            ck_assert_int_eq(*moved.next(), 32);
        }
    }).join();
    ck_assert_int_eq(*moved.next(), 40);
}
END_TEST

START_TEST(closing_in_a_catch_block) {
    try {
        lade::generator<long> g = catching();
        for (int i = 0; i < 3; i++)
            g.next();
        throw own{1};
    } catch (const own &e) {
        ck_assert_int_eq(e.value, 1);
    }
    lade::generator<long> g = throws_at_close();
    g.next();
    try {
        g.close();
        ck_abort();
    } catch (const own &e) {
        ck_assert_int_eq(e.value, 7);
    }
}
END_TEST

START_TEST(functions_of_combinators_throw) {
    auto throws_at = [](long at) {
        return [at, text = std::string(50, 'x')](long x) {
            if (x == at)
                throw own{at};
            return x;
        };
    };
    ck_assert_int_eq(caught(lade::map(throws_at(2), c_count(9))), 2);
    ck_assert_int_eq(caught(c_doubled(lade::map(throws_at(3), c_count(9)).release())), 3);
    ck_assert_int_eq(caught(lade::filter(throws_at(4), delegating(lade::take(c_count(9), 8)))), 4);
    int closed = 0;
    ck_assert_int_eq(caught(lade::take(lade::map(throws_at(2), c_closing(&closed)), 100)), 2);
    ck_assert_int_eq(closed, 1);
    try {
        lade::drain(throws_at(5), c_closing(&closed));
        ck_abort();
    } catch (const own &e) {
        ck_assert_int_eq(e.value, 5);
    }
    ck_assert_int_eq(closed, 2);
}
END_TEST

/* ---- The end of a thread ----------------------------------------------------------------------------------------- */

struct counted {
    static inline int alive = 0;
    counted() {
        alive++;
    }
    counted(const counted &) {
        alive++;
    }
    ~counted() {
        alive--;
    }
};

generator_static(long, ends_thread, counted, argument) {
    counted local = argument;
    yield(1);
    pthread_exit(&counted::alive);
    yield(2);
}

/* Calls @f on a thread that ends while a generator runs. [[maybe_unused]] prevents a warning if the test below is
   skipped. */
[[maybe_unused]] static void end_thread(void *(*f)(void *)) {
    pthread_t thread;
    void *result = nullptr;
    ck_assert_int_eq(pthread_create(&thread, nullptr, f, nullptr), 0);
    ck_assert_int_eq(pthread_join(thread, &result), 0);
    ck_assert(result == &counted::alive);
    ck_assert_int_eq(counted::alive, 0);
}

START_TEST(the_end_of_a_thread_passes_through_generators) {
#if !defined(__GLIBCXX__) || defined(LADE_FORCE_UCONTEXT) || defined(LADE__SANITIZED)
    CHECK_SKIP("this needs glibc and libstdc++, and no sanitizer");
#else
    lade_set_unhandled_hook([](const lade_error *, void *) {}, nullptr); /* no code reads the errors of these
                                                                            generators */
    end_thread([](void *) -> void * { /* pulled */
        counted outer;
        lade::generator<long> g = ends_thread(counted());
        while (g.next())
            ;
        return nullptr;
    });
    end_thread([](void *) -> void * { /* pulled, through stages with lambdas */
        counted outer;
        lade::generator<long> g = lade::map([](long x) { return x + 1; }, ends_thread(counted()));
        while (g.next())
            ;
        return nullptr;
    });
    end_thread([](void *) -> void * { /* drained */
        counted outer;
        lade::sum(ends_thread(counted()));
        return nullptr;
    });
#endif
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "exceptions");
    tcase_add_test(tcase, an_exception_reaches_the_consumer);
    tcase_add_test(tcase, an_exception_passes_through_c);
    tcase_add_test(tcase, a_consumer_in_c_gets_an_error);
    tcase_add_test(tcase, errors_of_c_are_caught_in_a_function);
    tcase_add_test(tcase, catch_blocks_of_generator_and_consumer_do_not_mix);
    tcase_add_test(tcase, closing_in_a_catch_block);
    tcase_add_test(tcase, functions_of_combinators_throw);
    tcase_add_test(tcase, the_end_of_a_thread_passes_through_generators);
}
