/*
 * lade/detail/gen_support.hpp - the implementation of gen.hpp: exceptions that pass through C code, and the functions
 * that request items. This header is private and may change in any release.
 */
#ifndef LADE_GEN_HPP
#include <lade/gen.hpp> /* includes this file where it is needed */
#elif !defined(LADE_DETAIL_GEN_SUPPORT_HPP)
#define LADE_DETAIL_GEN_SUPPORT_HPP

#include <cxxabi.h>
#include <deque>
#include <memory>
#include <mutex>

namespace lade {
namespace detail {

struct end_of_items {};

/* ---- Exceptions -------------------------------------------------------------------------------------------------- */

/* An exception that must pass through C code becomes a lade_error, and is thrown again afterwards. This object stores
   the exceptions that have not been thrown again yet. The field `exception` of the lade_error is the number of the
   exception, counted from 1. */
struct kept_exceptions {
    std::mutex mutex;
    std::deque<std::pair<uint64_t, std::exception_ptr>> list;
    uint64_t count = 0;

    static kept_exceptions &all() {
        static kept_exceptions &all = *new kept_exceptions; /* never destroyed: destructors of static objects use it */
        return all;
    }
};

inline uint64_t keep(const std::exception_ptr &exception) noexcept {
    try {
        kept_exceptions &kept = kept_exceptions::all();
        std::lock_guard<std::mutex> lock(kept.mutex);
        if (kept.list.size() >= 64)
            kept.list.pop_front();
        kept.list.emplace_back(kept.count + 1, exception);
        return ++kept.count;
    } catch (...) { /* out of memory: the consumer gets a lade::error */
        return 0;
    }
}

inline std::exception_ptr take_kept(uint64_t number) {
    kept_exceptions &kept = kept_exceptions::all();
    std::lock_guard<std::mutex> lock(kept.mutex);
    for (auto i = kept.list.begin(); number && i != kept.list.end(); ++i)
        if (i->first == number) {
            std::exception_ptr exception = std::move(i->second);
            kept.list.erase(i);
            return exception;
        }
    return nullptr;
}

/* pthread_cancel() and pthread_exit() unwind the stack with an exception that must be thrown again. */
#ifdef __GLIBCXX__
#define LADE__CATCH_CANCEL(...)        \
    catch (::abi::__forced_unwind &) { \
        __VA_ARGS__;                   \
        throw;                         \
    }
#else
#define LADE__CATCH_CANCEL(...)
#endif

[[noreturn]] inline void throw_error(const lade_error &details) {
    if (std::exception_ptr exception = take_kept(details.exception))
        std::rethrow_exception(exception);
    throw error(details);
}

/* Returns the error for the exception that is being handled. */
inline lade_error error_of_current() noexcept {
    lade_error details{};
    try {
        throw;
    } catch (const error &e) {
        details = e.details();
    } catch (const std::bad_alloc &e) {
        lade_error_set(&details, LADE_ENOMEM, "out of memory: %s", e.what());
    } catch (const std::exception &e) {
        lade_error_set(&details, LADE_ERUNTIME, "%s", e.what());
    } catch (...) {
        lade_error_set(&details, LADE_ERUNTIME, "a C++ exception that is not a std::exception");
    }
    details.exception = keep(std::current_exception());
    return details;
}

__attribute__((noinline, cold)) inline void raise_current(lade_port *port) noexcept {
    const lade_error details = error_of_current();
    lade__raise_with(port, &details);
}

/* The body calls this function when a yield or a delegation has ended with `status`. If the generator was closed, this
   function returns, and the body must then return. Otherwise this function removes the error from the port and throws
   the error. */
__attribute__((noinline, cold)) inline void throw_unless_closed(lade_port *port, int status) {
    if (status == LADE_EXIT || port->pending == LADE_EXIT)
        return;
    lade_error details{};
    if (port->error)
        details = *port->error;
    else
        lade_error_set(&details, status, "%s", lade_status_text(status));
    lade__port_catch(port, status);
    throw_error(details);
}

/* ---- Consumers --------------------------------------------------------------------------------------------------- */

inline lade_gen *not_empty(lade_gen *g) {
    if (!g)
        throw error(LADE_ESTATE, "this lade::generator is empty: it was moved from, or never held a generator");
    return g;
}

/* A generator function returns NULL if there is no memory. */
inline lade_gen *checked(lade_gen *g) {
    if (!g)
        throw_error(*lade__gen_error(nullptr));
    return g;
}

__attribute__((noinline, cold)) inline void throw_error_of(lade_gen *g) {
    if (const lade_error *details = lade__gen_error(not_empty(g)))
        throw_error(*details);
}

template <class T> inline T *item_or_error(lade_gen *g, void *item) {
    if (__builtin_expect(!item, 0))
        throw_error_of(g);
    return static_cast<T *>(item);
}

/* g is a reference, so that the compiler keeps g in the register in which the switch returns it. */
template <class T> __attribute__((always_inline)) inline T *pull(lade_gen *&g) {
    void *item = lade__next_at(&g, &g);
    return item_or_error<T>(g, item);
}

template <class T> std::optional<T> copy_of(const T *item) {
    return item ? std::optional<T>(*item) : std::nullopt;
}

template <class T> class owning_iterator {
  public:
    explicit owning_iterator(lade_gen *g) : owner_(reinterpret_cast<lade_gen_owned(T)>(g)), at_(owner_.begin()) {}
    T &operator*() const noexcept {
        return *at_;
    }
    owning_iterator &operator++() {
        ++at_;
        return *this;
    }
    friend bool operator!=(const owning_iterator &i, end_of_items end) noexcept {
        return i.at_ != end;
    }

  private:
    generator
    <T> owner_;
    iterator<T> at_;
};

/* A generator that a combinator or reducer receives. `owned` is 1 if the receiver must free the generator. */
template <class T> struct source {
    using value_type = T;
    lade_gen *g;
    int owned;
};

template <class T> lade_gen *untyped(T *(*const *g)(lade_brand *)) noexcept {
    return reinterpret_cast<lade_gen *>(reinterpret_cast<uintptr_t>(g));
}
/* The address of a variable that holds a generator. */
template <class T> void *variable(T *(*const *&g)(lade_brand *)) noexcept {
    return std::addressof(g);
}
template <class T> void *variable(T *(**&g)(lade_brand *)) noexcept {
    return std::addressof(g);
}
template <class T> source<T> source_of(T *(**g)(lade_brand *)) {
    return {checked(untyped(g)), 1};
}
template <class T> source<T> source_of(T *(*const *g)(lade_brand *)) {
    return {checked(untyped(g)), 0};
}
template <class T> source<T> source_of(generator<T> &&g) {
    not_empty(untyped(g.get()));
    return {untyped(g.release()), 1};
}
template <class T> source<T> source_of(generator<T> &g) {
    return {not_empty(untyped(g.get())), 0};
}
template <class G> using item_of = typename decltype(source_of(std::declval<G>()))::value_type;

/* lade_for_each (x, g, &err) */
template <class T> class loop {
  public:
    loop(source<T> from, lade_error *err) noexcept : from_(from), err_(err) {}
    loop(const loop &) = delete;
    loop &operator=(const loop &) = delete;
    ~loop() {
        if (from_.owned)
            lade__gen_free(from_.g);
    }
    struct at {
        loop *in;
        T *item;
        T &operator*() const noexcept {
            return *item;
        }
        at &operator++() noexcept {
            item = in->pull();
            return *this;
        }
        bool operator!=(end_of_items) const noexcept {
            return item;
        }
    };
    at begin() noexcept {
        return {this, pull()};
    }
    end_of_items end() const noexcept {
        return {};
    }

  private:
    T *pull() noexcept {
        T *item = static_cast<T *>(lade__next_at(&from_.g, &from_.g));
        if (!item)
            if (const lade_error *details = lade__gen_error(from_.g))
                *err_ = *details;
        return item;
    }
    source<T> from_;
    lade_error *err_;
};
template <class G> loop<item_of<G>> each(G &&g, lade_error *err) {
    return {source_of(std::forward<G>(g)), err};
}

template <class T> T *next(T *(*const *g)(lade_brand *)) {
    return static_cast<T *>(lade__next(untyped(g)));
}
template <class T> T *next(T *(**)(lade_brand *)) = delete; /* store the generator in a lade::generator<T> first */
template <class T, class V> T *send(T *(*const *g)(lade_brand *), const V &value) {
    const T item = value;
    return static_cast<T *>(lade__gen_send(untyped(g), std::addressof(item)));
}
template <class T> void send(T *(**)(lade_brand *), const T &) = delete;

} // namespace detail
} // namespace lade
#endif
