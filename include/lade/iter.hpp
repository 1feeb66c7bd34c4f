/*
 * lade/iter.hpp - sources, combinators and reducers for C++. They take functions of any type: lambdas with captures,
 * function pointers, function objects. The C++ functions have the names of the macros in iter.h and collect.h, but not
 * the prefix lade_. The description of a function may end with the name of the macro that does the same.
 *
 *     long limit = 100;
 *     auto small = [limit](long x) { return x < limit; };
 *     for (long x : lade::take(lade::filter(small, fib(50)), 5)) { ... }
 *     for (long x : fib(50) | lade::filter(small) | lade::take(5)) { ... }          // the same
 *
 * A source is a lade_gen_owned(T), a lade_gen(T) or a lade::generator<T>. A combinator owns a source that is a
 * lade_gen_owned(T), or a lade::generator<T> that is temporary or passed with std::move(). Other sources are borrowed,
 * and must outlive the combinator. The combinator stores the function and calls it with `T &`. If the function throws
 * an exception, the combinator ends, and the consumer gets the exception.
 *
 * The cost is the same as for iter.h. A chain of combinators needs one stack if it is pulled, and no stack if it is
 * drained (gen.h explains these terms).
 */
#ifndef LADE_ITER_HPP
#define LADE_ITER_HPP

#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <lade/collect.h>
#include <lade/gen.hpp>
#include <lade/iter.h>
#include <lade/detail/iter_support.hpp>

namespace lade {

/* ---- Sources ----------------------------------------------------------------------------------------------------- */

/*
 * range(n), range(a, b), range(a, b, step) - lade_range().
 * count_from(start, step)                  - lade_count_from().
 * lines(path)                              - lade_lines(). A line is valid until the next line is requested.
 */
inline generator
<long> range(long n) {
    return lade__range(0, n, 1);
}
inline generator
<long> range(long a, long b, long step = 1) {
    return lade__range(a, b, step);
}
inline generator
<long> count_from(long start = 0, long step = 1) {
    return lade__count_from(start, step);
}
inline generator
<const char *> lines(const char *path) {
    return lade_lines(path);
}

/*
 * from(range)     - yields the items of a range, for example of a std::vector. A temporary range is moved into the
 *                   generator. A range in a variable is borrowed and must outlive the generator.
 * repeat(v, n)    - yields v n times, or without end if n is negative. lade_repeat().
 * generate(f)     - calls f(), which returns a std::optional<T>, for each item. Yields the value of the result, and
 *                 ends if the result is std::nullopt.
 */
template <class R> auto from(R &&range) {
    using item = std::decay_t<decltype(*std::begin(range))>;
    return detail::make_stage<item>(detail::from_range<R>{std::forward<R>(range)});
}
template <class T> generator
<T> repeat(T v, int64_t n = -1) {
    static_assert(std::is_trivially_copyable<T>::value, "repeat: the items are copied as bytes");
    return detail::owned<T>(lade__repeat(std::addressof(v), sizeof v, detail::item_class<T>(), n));
}
template <class F> auto generate(F f) {
    using item = std::decay_t<decltype(*f())>;
    return detail::make_stage<item>(detail::generate<F>{std::move(f)});
}

/* ---- One source -------------------------------------------------------------------------------------------------- */

/*
 * map(f, g)        - yields f(item) for each item. lade_map().
 * filter(f, g)     - yields the items for which f(item) is true. lade_filter().
 * take_while(f, g) - yields the items before the first item for which f(item) is false. lade_take_while().
 * drop_while(f, g) - yields the first item for which f(item) is false, and all later items. lade_drop_while().
 */
template <class F, class G, class = detail::item_of<G>> auto map(F f, G &&g) {
    using item = std::decay_t<std::invoke_result_t<F &, detail::item_of<G> &>>;
    return detail::make_linear<item, detail::mapping<F>>(std::forward<G>(g), std::move(f));
}
template <class F, class G, class = detail::item_of<G>> auto filter(F f, G &&g) {
    return detail::make_linear<detail::item_of<G>, detail::filtering<F>>(std::forward<G>(g), std::move(f));
}
template <class F, class G, class = detail::item_of<G>> auto take_while(F f, G &&g) {
    return detail::make_linear<detail::item_of<G>, detail::taking<F>>(std::forward<G>(g), std::move(f));
}
template <class F, class G, class = detail::item_of<G>> auto drop_while(F f, G &&g) {
    return detail::make_linear<detail::item_of<G>, detail::dropping<F>>(std::forward<G>(g), std::move(f));
}

/*
 * take(g, n), drop(g, n), step(g, n) - lade_take(), lade_drop(), lade_step().
 * cycle(g)                           - lade_cycle().
 * shuffle(g, size, seed)             - lade_shuffle().
 * window(g, n), pairwise(g)          - lade_window(), lade_pairwise().
 * prefetch(g, n)                     - lade_prefetch(). g must be owned.
 */
template <class G> generator
<detail::item_of<G>> take(G &&g, int64_t n) {
    return detail::combine<detail::item_of<G>>(lade__take, std::forward<G>(g), n);
}
template <class G> generator
<detail::item_of<G>> drop(G &&g, int64_t n) {
    return detail::combine<detail::item_of<G>>(lade__drop_items, std::forward<G>(g), n);
}
template <class G> generator
<detail::item_of<G>> step(G &&g, int64_t n) {
    return detail::combine<detail::item_of<G>>(lade__step, std::forward<G>(g), n);
}
template <class G> generator
<detail::item_of<G>> cycle(G &&g) {
    return detail::combine<detail::item_of<G>>(lade__cycle, std::forward<G>(g), 0);
}
template <class G> generator
<detail::item_of<G>> shuffle(G &&g, size_t size, uint64_t seed) {
    return detail::combine<detail::item_of<G>>(lade__shuffle, std::forward<G>(g), size, seed);
}
template <class G> generator
<const detail::item_of<G> *> window(G &&g, size_t n) {
    return detail::combine<const detail::item_of<G> *>(lade__window, std::forward<G>(g), n);
}
template <class G> generator
<const detail::item_of<G> *> pairwise(G &&g) {
    return window(std::forward<G>(g), 2);
}
template <class G> generator
<detail::item_of<G>> prefetch(G &&g, size_t n) {
    static_assert(detail::is_owned<G>, "prefetch: g runs on another thread; use std::move");
    return detail::combine<detail::item_of<G>>(lade__prefetch, std::forward<G>(g), n);
}

/*
 * accumulate(g), accumulate(f, g) - yields the running sums, or the running results of f(so_far, item).
 * lade_accumulate_by().
 * batched(g, n)                   - yields pointers to a std::vector of n items each; the last vector may be shorter. A
 *                                   pointer is valid until the next item is requested. lade_batched().
 * flat(g)                         - yields the items of all generators that g yields. The items of g are owned
 *                                 generators. lade_flat().
 */
template <class F, class G, class = detail::item_of<G>> auto accumulate(F f, G &&g) {
    using T = detail::item_of<G>;
    return detail::make_stage<T>(detail::linear<T, detail::accumulating<F, T>>(
        detail::source_of(std::forward<G>(g)), detail::accumulating<F, T>{std::move(f), {}}));
}
template <class G, class = detail::item_of<G>> auto accumulate(G &&g) {
    return accumulate(std::plus<detail::item_of<G>>(), std::forward<G>(g));
}
template <class G> auto batched(G &&g, size_t n) {
    using T = detail::item_of<G>;
    if (n < 1)
        throw error(LADE_EINVAL, "batched(g, n): n must be at least 1", "n");
    return detail::make_stage<const std::vector<detail::kept<T>> *>(
        detail::linear<T, detail::batching<T>>(detail::source_of(std::forward<G>(g)), detail::batching<T>{n, {}}));
}
template <class G> auto flat(G &&g) {
    using T = typename decltype(detail::source_of(std::declval<detail::item_of<G>>()))::value_type;
    return detail::combine<T>(lade__flat, std::forward<G>(g), sizeof(T), detail::item_class<T>());
}

/*
 * map(f), filter(f), take_while(f), drop_while(f), take(n), drop(n), step(n) - are used on the right of the operator |,
 * as in g | take(n) | map(f). They do the same as the functions that also have the argument g.
 */
template <class F> auto map(F f) {
    return detail::stage([f](auto &&g) { return map(f, std::forward<decltype(g)>(g)); });
}
template <class F> auto filter(F f) {
    return detail::stage([f](auto &&g) { return filter(f, std::forward<decltype(g)>(g)); });
}
template <class F> auto take_while(F f) {
    return detail::stage([f](auto &&g) { return take_while(f, std::forward<decltype(g)>(g)); });
}
template <class F> auto drop_while(F f) {
    return detail::stage([f](auto &&g) { return drop_while(f, std::forward<decltype(g)>(g)); });
}
inline auto take(int64_t n) {
    return detail::stage([n](auto &&g) { return take(std::forward<decltype(g)>(g), n); });
}
inline auto drop(int64_t n) {
    return detail::stage([n](auto &&g) { return drop(std::forward<decltype(g)>(g), n); });
}
inline auto step(int64_t n) {
    return detail::stage([n](auto &&g) { return step(std::forward<decltype(g)>(g), n); });
}

/* ---- Several sources --------------------------------------------------------------------------------------------- */

/*
 * chain(a, b, ...)      - lade_chain(). Up to 8 sources of one item type.
 * interleave(a, b, ...) - lade_interleave().
 * zip<S>(a, b, ...)     - yields structs of type S. S has one member for each source, which has the type of the
 *                       source's items. lade_zip().
 */
template <class G, class... More> generator
<detail::item_of<G>> chain(G &&g, More &&...more) {
    return detail::join<detail::item_of<G>>(lade__chain, std::forward<G>(g), std::forward<More>(more)...);
}
template <class G, class... More> generator
<detail::item_of<G>> interleave(G &&g, More &&...more) {
    return detail::join<detail::item_of<G>>(lade__interleave, std::forward<G>(g), std::forward<More>(more)...);
}
template <class S, class... G> generator
<S> zip(G &&...g) {
    static_assert(std::is_trivially_copyable<S>::value && sizeof(S{std::declval<detail::item_of<G>>()...}) > 0,
                  "zip<S>: S is a struct with one member for each source, of the type of its items");
    const lade__member members[] = {{nullptr, sizeof(detail::item_of<G>), alignof(detail::item_of<G>), 0}...};
    const lade_input inputs[] = {detail::input_of(std::forward<G>(g))...};
    return detail::owned<S>(lade__zip(inputs, sizeof...(G), sizeof(S), members, nullptr));
}

/*
 * merge(a, b, ...)        - merges sources in ascending order into one sequence. Items are compared by <, strings by
 *                           their text. lade_merge().
 * enumerate<S>(g, start)  - yields structs of type S. The members of S are a long, which counts from `start`, and a T,
 *                           which is an item. lade_enumerate().
 * tee(g, n)               - returns a std::vector of n generators that each yield all items of g. g must be owned.
 *                           lade_tee().
 */
template <class G, class... More> generator
<detail::item_of<G>> merge(G &&g, More &&...more) {
    using T = detail::item_of<G>;
    static_assert((std::is_same<detail::item_of<More>, T>::value && ...),
                  "merge: the generators differ in their items");
    static_assert(sizeof...(More) < LADE__MAX_INPUTS, "merge: at most 8 generators");
    const lade_input inputs[] = {detail::input_of(std::forward<G>(g)), detail::input_of(std::forward<More>(more))...};
    return detail::owned<T>(lade__merge(inputs, 1 + sizeof...(More), detail::compare<T>));
}
template <class S, class G> generator
<S> enumerate(G &&g, long start = 0) {
    return zip<S>(count_from(start), std::forward<G>(g));
}
template <class G> std::vector < generator
< detail::item_of < G >>> tee(G &&g, int n) {
    using T = detail::item_of<G>;
    static_assert(detail::is_owned<G>, "tee: the generators own g; use std::move");
    const auto from = detail::source_of(std::forward<G>(g));
    std::vector<lade_gen *> gens(static_cast<size_t>(n > 0 ? n : 0));
    if (lade__tee(from.g, n, gens.data()))
        throw std::bad_alloc();
    std::vector < generator
    < T >> result;
    for (lade_gen *made : gens)
        result.push_back(detail::owned<T>(made));
    return result;
}

/* ---- Reducers ---------------------------------------------------------------------------------------------------- */

/*
 * Reducers run a generator to its end, and free it if it is owned. They throw the error of the generator.
 *
 * list(g)             - returns a std::vector of the items. Items of type const char * become std::string.
 * sum(g)              - returns the sum of numbers as a long long, unsigned long long or double. lade_sum().
 * count(g)            - returns the number of items.
 * min(g), max(g)      - return a std::optional of the least or greatest item, which is empty if g has no item. Items of
 *                       type const char * become std::string.
 * sample(g, n, seed)  - returns a std::vector of n items that are chosen at random. lade_sample().
 * reduce(f, g, start) - returns f(... f(f(start, item), item) ..., item).
 * drain(f, g)         - calls f(item) for each item. It is faster than a loop, because no stack is switched.
 * any_of(f, g)        - returns true if f(item) is true for at least one item.
 * all_of(f, g)        - returns true if f(item) is true for all items.
 *
 * any_of() and all_of() stop at the first item that decides the result. A named generator then stays suspended at this
 * item, so the caller can request the items after it.
 */
template <class F, class G> void drain(F f, G &&g) {
    detail::run(std::forward<G>(g), [&f](auto &item) {
        f(item);
        return true;
    });
}
template <class G> std::vector<detail::kept<detail::item_of<G>>> list(G &&g) {
    std::vector<detail::kept<detail::item_of<G>>> items;
    detail::run(std::forward<G>(g), [&items](auto &item) {
        items.push_back(detail::keep(item));
        return true;
    });
    return items;
}
template <class G> std::vector<detail::kept<detail::item_of<G>>> sample(G &&g, size_t n, uint64_t seed) {
    std::vector<detail::kept<detail::item_of<G>>> items;
    uint64_t seen = 0;
    lade_random random;
    lade_random_init(&random, seed, 0, 0, LADE_RANDOM_ORDER);
    detail::run(std::forward<G>(g), [&](auto &item) {
        const uint64_t at = seen++ < n ? seen - 1 : lade_random_below(&random, seen);
        if (at == items.size() && at < n)
            items.push_back(detail::keep(item));
        else if (at < n)
            items[at] = detail::keep(item);
        return true;
    });
    return items;
}
template <class G> auto sum(G &&g) {
    using T = detail::item_of<G>;
    static_assert(std::is_arithmetic<T>::value && !std::is_same<T, long double>::value,
                  "sum: the items are not numbers; long double has no sum");
    const auto from = detail::source_of(std::forward<G>(g));
    return detail::checked_call([from](lade_error *err) {
        if constexpr (std::is_floating_point<T>::value)
            return lade__sum_floating(from.g, from.owned, detail::dtype<T>(), err, nullptr);
        else if constexpr (std::is_signed<T>::value)
            return lade__sum_signed(from.g, from.owned, detail::dtype<T>(), err, nullptr);
        else
            return lade__sum_unsigned(from.g, from.owned, detail::dtype<T>(), err, nullptr);
    });
}
template <class G, class = detail::item_of<G>> long long count(G &&g) {
    const auto from = detail::source_of(std::forward<G>(g));
    return detail::checked_call([from](lade_error *err) { return lade__count(from.g, from.owned, err, nullptr); });
}
template <class F, class G, class S> S reduce(F f, G &&g, S start) {
    static_assert(!std::is_same<S, const char *>::value || !std::is_same<detail::item_of<G>, const char *>::value,
                  "reduce: the strings of the items do not live long enough; begin with a std::string");
    detail::run(std::forward<G>(g), [&](auto &item) {
        start = f(std::move(start), item);
        return true;
    });
    return start;
}
template <class G, class T = detail::kept<detail::item_of<G>>> std::optional<T> min(G &&g) {
    return detail::extreme<T>(std::forward<G>(g), std::less<T>());
}
template <class G, class T = detail::kept<detail::item_of<G>>> std::optional<T> max(G &&g) {
    return detail::extreme<T>(std::forward<G>(g), std::greater<T>());
}
template <class F, class G> bool any_of(F f, G &&g) {
    bool found = false;
    detail::run(
        std::forward<G>(g), [&](auto &item) { return !(found = f(item)); }, 0);
    return found;
}
template <class F, class G> bool all_of(F f, G &&g) {
    return !any_of([&f](auto &item) { return !f(item); }, std::forward<G>(g));
}

} // namespace lade
#endif
