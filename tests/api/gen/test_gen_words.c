/*
 * Tests that the short names of lade, for example send and next, do not change the meaning of the same names in other
 * headers. System headers declare functions such as send() and tee(), and struct members such as next. This file
 * includes short_iter.h after these headers, and then uses the names of the system. tests/headers/words.cpp tests C++.
 */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <sys/types.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <math.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <search.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "support/rules.h"

/* Members, variables, parameters and types may have these names, because the macros of lade are only expanded if a
   parenthesis follows the name. */
struct list {
    struct list *next;
    int count, min, max, step, sum, first, last, array, set, range, map, zip, take, drop, in, any, all;
};

static int of_plain_names(struct list list, int yield, int print) {
    int next = list.count + list.min, tuple = list.max, dict = list.step, len = list.sum;
    struct list *each = &list;
    each->next = each;
    for (int filter = 0; filter < 2; filter++) {
        int merge = list.next->first + list.last;
        next += merge + filter;
    }
    return next + tuple + dict + len + list.array + list.set + list.range + list.map + list.zip + list.take +
           list.drop + list.in + list.any + list.all + yield + print;
}

START_TEST(plain_names_do_not_change) {
    struct list l = {NULL, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
    ck_assert_int_eq(of_plain_names(l, 100, 1000),
                     1 + 2 + 3 + 4 + 5 + 2 * 13 + 1 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15 + 16 + 17 + 1100);
}
END_TEST

START_TEST(the_systems_functions_stay_callable) {
    int ends[2];
    char buf[4] = "";
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ck_assert_int_eq(send(ends[0], "abc", 3, 0), 3);
    ck_assert_int_eq(recv(ends[1], buf, 3, 0), 3);
    ck_assert_str_eq(buf, "abc");
    close(ends[0]);
    close(ends[1]);
    int in[2], out[2];
    ck_assert_int_eq(pipe(in), 0);
    ck_assert_int_eq(pipe(out), 0);
    ck_assert_int_eq(write(in[1], "abc", 3), 3);
    ck_assert_int_eq((tee)(in[0], out[1], 3, 0), 3); /* tee() of Linux, in parentheses because tee is a macro of lade */
    for (int i = 0; i < 2; i++) {
        close(in[i]);
        close(out[i]);
    }
    ck_assert_int_eq(abs(-3), 3);
    ck_assert_double_eq(fmin(1, 2), 1);
}
END_TEST

generator(long, counts, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i);
}

START_TEST(and_the_words_mean_generators) {
    gen_auto(long) g = counts(3);
    ck_assert_int_eq(*next(g), 0);
    ck_assert_int_eq(sum(counts(4)) + max(counts(4)) + min(counts(4)) + count(counts(4)), 6 + 3 + 0 + 4);
    list_auto(long) l = list(step(counts(9), 4));
    ck_assert_int_eq(len(l), 3);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "words");
    tcase_add_test(tcase, plain_names_do_not_change);
    tcase_add_test(tcase, the_systems_functions_stay_callable);
    tcase_add_test(tcase, and_the_words_mean_generators);
}
