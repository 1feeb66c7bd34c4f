/*
 * lade/detail/iter_support.hpp - the implementation of iter.hpp. This header is private and may change in any release.
 *
 * A stage is a generator that calls a function for each item of its source, on the stack on which the source runs (see
 * src/iter/stage.h). The frame of a stage contains a C++ object with the source and the function of the user.
 */
#ifndef LADE_ITER_HPP
#include <lade/iter.hpp> /* includes this file where it is needed */
#elif !defined(LADE_DETAIL_ITER_SUPPORT_HPP)
#define LADE_DETAIL_ITER_SUPPORT_HPP

namespace lade {
namespace detail {

template <class T> generator
<T> owned(lade_gen *g) {
    return reinterpret_cast<lade_gen_owned(T)>(g);
}

template <class T> constexpr bool is_owned_type = std::is_same < T, generator
< typename T::value_type >> ::value;
template <class T> constexpr bool is_owned_type<T *(**)(lade_brand *)> = true;
template <class T> constexpr bool is_owned_type<T *(*const *)(lade_brand *)> = false;
/* True if G is a lade_gen_owned(T), or a lade::generator<T> that is temporary or passed with std::move(). */
template <class G>
constexpr bool is_owned = is_owned_type<std::decay_t<G>> &&
                          (std::is_pointer<std::decay_t<G>>::value || !std::is_lvalue_reference<G>::value);

/* Calls a combinator of the library. */
template <class U, class G, class... P, class... V> generator
<U> combine(lade_gen *(*combinator)(lade_gen *, int, P...), G &&g, V... values) {
    const auto from = source_of(std::forward<G>(g));
    return owned<U>(combinator(from.g, from.owned, static_cast<P>(values)...));
}
template <class G> lade_input input_of(G &&g) {
    const auto from = source_of(std::forward<G>(g));
    return {from.g, from.owned};
}
template <class T, class... G> generator
<T> join(lade_gen *(*combinator)(const lade_input *, int, lade__comparator *), G &&...g) {
    static_assert((std::is_same<item_of<G>, T>::value && ...),
                  "chain, interleave: all generators must have the same item type");
    static_assert(sizeof...(G) <= LADE__MAX_INPUTS, "chain, interleave: at most 8 generators");
    const lade_input inputs[] = {input_of(std::forward<G>(g))...};
    return owned<T>(combinator(inputs, sizeof...(G), nullptr));
}

/* ---- Running a source in place ----------------------------------------------------------------------------------- */

/* Passes one item to the consumer. Returns false if the consumer needs no more items. */
template <class T> bool put(lade_port *out, const T &item) {
    store(reinterpret_cast<T *>(out->p), item);
    out->p += sizeof(T);
    return out->p < out->end || !lade__port_full(out);
}

/* A port that calls f(item) for each item. f returns false if it needs no more items. An exception of f is stored in
   `thrown`, because the port is called by C code, through which no exception must pass. */
template <class T, class F> struct calling_port {
    lade_port port;
    F *f;
    std::exception_ptr thrown;
    alignas(T) char room[sizeof(T)];

    explicit calling_port(F &function) noexcept : port(), f(&function) {
        port.p = room;
        port.end = room + sizeof room;
        port.full = each;
        port.item_size = sizeof room;
    }
    static int each(lade_port *port) {
        calling_port *self = reinterpret_cast<calling_port *>(port); /* the first member */
        port->p = self->room;
        try {
            return (*self->f)(*std::launder(reinterpret_cast<T *>(self->room))) ? LADE_OK : LADE_EXIT;
        }
        LADE__CATCH_CANCEL((void)0)
        catch (...) {
            self->thrown = std::current_exception();
            return LADE_EXIT;
        }
    }
};

/* Runs g until it ends or f returns false. Throws the exception of f or the error of g. */
template <class G, class F> void run(G &&g, F f, int whole = LADE__WHOLE) {
    using T = item_of<G>;
    const source<T> from = source_of(std::forward<G>(g));
    calling_port<T, F> port(f);
    lade__run(from.g, from.owned | whole, &port.port);
    lade_error details{};
    const int status = lade__deliver(&port.port, &details, nullptr);
    if (port.thrown)
        std::rethrow_exception(port.thrown);
    if (status)
        throw_error(details);
}

/* Calls a reducer of the library, and throws its error. */
template <class F> auto checked_call(F f) {
    lade_error details{};
    auto result = f(&details);
    if (details.code)
        throw_error(details);
    return result;
}

/* The type in which a result stores an item. Strings are copied, because a string is valid only until the next item. */
template <class T> struct kept_type {
    static_assert(!std::is_same<T, lade_dir_entry>::value && !std::is_same<T, lade_line>::value,
                  "the string of an entry or line is valid until the next item; map the items to const char * first");
    using type = std::conditional_t<std::is_same<T, const char *>::value, std::string, T>;
};
template <class T> using kept = typename kept_type<T>::type;
template <class T> const T &keep(const T &item) noexcept {
    return item;
}
inline std::string keep(const char *item) {
    return item ? item : "";
}

template <class T, class G, class Before> std::optional<T> extreme(G &&g, Before before) {
    std::optional<T> found;
    run(std::forward<G>(g), [&](auto &item) {
        if (!found || before(keep(item), *found))
            found.emplace(keep(item));
        return true;
    });
    return found;
}

template <class T> constexpr int dtype() {
    if (std::is_same<T, bool>::value)
        return LADE__BOOL;
    if (std::is_same<T, char>::value)
        return LADE__CHAR;
    if (std::is_floating_point<T>::value)
        return sizeof(T) == 4 ? LADE_FLOAT32 : LADE_FLOAT64;
    constexpr int is_signed = std::is_signed<T>::value;
    switch (sizeof(T)) {
    case 1:
        return is_signed ? LADE_INT8 : LADE_UINT8;
    case 2:
        return is_signed ? LADE_INT16 : LADE_UINT16;
    case 4:
        return is_signed ? LADE_INT32 : LADE_UINT32;
    default:
        return is_signed ? LADE_INT64 : LADE_UINT64;
    }
}

/* ---- Stages ------------------------------------------------------------------------------------------------------ */

/* Runs a generator of T. The function run() of the stage S passes all items to the port @out. It returns after the last
   item, or when the consumer needs no more items. */
template <class T, class S> void run_stage(lade_gen *self, lade_port *out) {
    try {
        frame<T, S>::args_of(self)->run(out);
    }
    LADE__CATCH_CANCEL((frame<T, S>::drop(self)))
    catch (...) {
        raise_current(out);
    }
    frame<T, S>::drop(self);
}
template <class T, class S> generator
<T> make_stage(S stage) {
    static constexpr lade_gen_kind kind = frame<T, S>::kind(S::name, run_stage<T, S>, nullptr);
    return frame<T, S>::make(kind, std::move(stage));
}

template <class R> struct from_range {
    static constexpr const char *name = "from";
    R range; /* a reference if the range is a variable */
    void run(lade_port *out) {
        for (auto &&item : range)
            if (!put<std::decay_t<decltype(item)>>(out, item))
                return;
    }
};

template <class F> struct generate {
    static constexpr const char *name = "generate";
    F f;
    void run(lade_port *out) {
        while (auto item = f())
            if (!put(out, *item))
                return;
    }
};

/* True if Step has a member function finish(out). After the last item, linear::run() calls this function. */
template <class Step, class = void> struct has_finish : std::false_type {};
template <class Step>
struct has_finish<Step, std::void_t<decltype(std::declval<Step &>().finish(nullptr))>> : std::true_type {};

/* A stage with one source. Step contains the function of the user, and has a member each(item, out), which returns
   false if no more items are needed. */
template <class T, class Step> struct linear {
    static constexpr const char *name = Step::name;
    source<T> from;
    Step step;

    linear(source<T> g, Step s) : from(g), step(std::move(s)) {}
    linear(linear &&other) noexcept(std::is_nothrow_move_constructible<Step>::value)
        : from(other.from), step(std::move(other.step)) {
        other.from.owned = 0;
    }
    ~linear() {
        if (from.owned)
            lade__gen_free(from.g);
    }
    void run(lade_port *out) {
        auto call = [this, out](T &item) { return step.each(item, out); };
        calling_port<T, decltype(call)> port(call);
        port.port.limit = out->limit;
        const int how = from.owned ? LADE__OWNED : 0;
        from.owned = 0; /* lade__run() frees the source */
        lade__run(from.g, how, &port.port);
        if constexpr (has_finish<Step>::value)
            if (!port.thrown && !out->pending)
                step.finish(out);
        if (port.port.pending)
            pass_on(&port.port, out);
        if (port.thrown && !out->pending)
            std::rethrow_exception(port.thrown);
    }
    /* Passes an exception of the source to the port of the consumer, if this port does not contain an exception yet. */
    __attribute__((noinline)) static void pass_on(lade_port *port, lade_port *out) {
        lade_error ignored;
        lade__deliver(port, out->pending ? &ignored : nullptr, out);
    }
};

template <class Out, class Step, class G, class F> generator
<Out> make_linear(G &&g, F f) {
    using T = item_of<G>;
    return make_stage<Out>(linear<T, Step>(source_of(std::forward<G>(g)), Step{std::move(f)}));
}

template <class F> struct mapping {
    static constexpr const char *name = "map";
    F f;
    template <class T> bool each(T &item, lade_port *out) {
        return put<std::decay_t<std::invoke_result_t<F &, T &>>>(out, std::invoke(f, item));
    }
};
template <class F> struct filtering {
    static constexpr const char *name = "filter";
    F f;
    template <class T> bool each(T &item, lade_port *out) {
        return !std::invoke(f, item) || put(out, item);
    }
};
template <class F> struct taking {
    static constexpr const char *name = "take_while";
    F f;
    template <class T> bool each(T &item, lade_port *out) {
        return std::invoke(f, item) && put(out, item);
    }
};
template <class F> struct dropping {
    static constexpr const char *name = "drop_while";
    F f;
    bool passed = false; /* true after the last dropped item; all later items are yielded */
    template <class T> bool each(T &item, lade_port *out) {
        passed = passed || !std::invoke(f, item);
        return !passed || put(out, item);
    }
};

template <class F, class T> struct accumulating {
    static constexpr const char *name = "accumulate";
    F f;
    std::optional<kept<T>> total;
    bool each(T &item, lade_port *out) {
        total = total ? std::optional<kept<T>>(std::invoke(f, *total, keep(item))) : std::optional<kept<T>>(keep(item));
        if constexpr (std::is_same<T, const char *>::value)
            return put<T>(out, total->c_str());
        else
            return put<T>(out, *total);
    }
};
/* finish() passes the last batch to the consumer, because this batch may be shorter. */
template <class T> struct batching {
    static constexpr const char *name = "batched";
    size_t size;
    std::vector<kept<T>> items;
    bool each(T &item, lade_port *out) {
        items.push_back(keep(item));
        return items.size() < size || finish(out);
    }
    bool finish(lade_port *out) {
        const std::vector<kept<T>> *batch = &items;
        const bool more = items.empty() || put(out, batch);
        items.clear();
        return more;
    }
};

/* A comparator for lade__merge(). The result is negative, 0 or positive. */
template <class T> int compare(const void *a, const void *b) {
    const T &x = *static_cast<const T *>(a), &y = *static_cast<const T *>(b);
    if constexpr (std::is_same<T, const char *>::value)
        return std::strcmp(x, y);
    else
        return x < y ? -1 : y < x;
}

/* The object on the right side of the operator in g | stage. */
template <class F> struct piped { F f; };
template <class F> piped<F> stage(F f) {
    return {std::move(f)};
}
template <class G, class F, class = item_of<G>> auto operator|(G &&g, const piped<F> &p) {
    return p.f(std::forward<G>(g));
}

} // namespace detail
} // namespace lade
#endif
