/*
 * lade/gen.hpp - generators for C++17 and later: lade::generator<T>, a handle that frees its generator, and
 * lade::error, the exception for errors of lade. <lade/lade.hpp> includes this header and the combinators of iter.hpp.
 *
 *     for (long x : fib(10))                      // fib() is a generator function, written in C or in C++
 *         std::printf("%ld\n", x);
 *
 *     lade::generator<long> g = fib(10);          // closed and freed at the end of the scope
 *     while (std::optional<long> x = g.next())
 *         std::printf("%ld\n", *x);
 *
 * Generator functions are written with the macros of gen.h, as in C; <lade/short.hpp> defines their short words. The
 * arguments and the local variables of such a function may have any type. If the generator is closed, its yield returns
 * from the function, so the destructors of the local variables run. The items must be trivially copyable; use pointers
 * to other objects. The macros cannot be used in a lambda, a member function or a template.
 *
 *     generator(long, lengths, std::vector<std::string>, words) {
 *         for (const std::string &word : words)
 *             yield(static_cast<long>(word.size()));
 *     }
 *
 * A function that a C header declares with lade_generator_decl() has C linkage in a C++ program only if the declaration
 * is inside extern "C" { }.
 *
 * Exceptions. An exception that leaves a generator function written in C++, or a function that a combinator of iter.hpp
 * calls, ends the generator. The exception is kept, becomes an error of lade and passes through generators and
 * combinators written in C as that error. The consumer in C++ gets the original exception. A consumer in C gets an
 * error of status LADE_ERUNTIME whose message is the text of what(); std::bad_alloc has the status LADE_ENOMEM. Up to
 * 64 exceptions that no consumer has received are kept; after that, the consumer of the oldest gets a lade::error. In
 * the other direction, an error of a generator written in C reaches a consumer in C++ as a lade::error. In a generator
 * function written in C++, lade_fail(), an error that was thrown into the generator, and an error of lade_yield_from()
 * are exceptions, too. A yield may be in a try block and in a catch block.
 *
 * An exception must not leave a C++ function that C code calls, for example the function of a lade_map() in a C file.
 * If the generator is drained, such an exception passes through the C code, which frees nothing. If the generator is
 * pulled, the exception cannot leave the stack of the generator, and std::terminate is called.
 *
 * Stacks. The stack need of a generator function that is written in C++ is not measured. If its local variables take
 * more than about 16 KiB, enlarge the stack with lade_gen_stack(), or allocate the variables on the heap.
 *
 * Threads. As for generators in C: one thread at a time may use a generator.
 */
#ifndef LADE_GEN_HPP
#define LADE_GEN_HPP

#include <cstddef>
#include <exception>
#include <iterator>
#include <optional>
#include <utility>

#include <lade/gen.h>

namespace lade {

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

/*
 * An error of lade as an exception. what() is the message.
 */
class error : public std::exception {
  public:
    explicit error(const lade_error &details) noexcept : details_(details) {}
    error(int status, const char *message, const char *subject = "") noexcept : details_() {
        lade_error_set_subject(&details_, status, subject, "%s", message);
    }
    /* A negative enum lade_status. */
    int status() const noexcept {
        return details_.code;
    }
    /* The name of the option, file, layer or column that has the error, or "". */
    const char *subject() const noexcept {
        return details_.subject;
    }
    const char *what() const noexcept override {
        return details_.message;
    }
    const lade_error &details() const noexcept {
        return details_;
    }

  private:
    lade_error details_;
};

template <class T> class generator;
template <class T> class iterator;

} // namespace lade

#include <lade/detail/gen_support.hpp>

namespace lade {

/* ---- Handle ------------------------------------------------------------------------------------------------------ */

/*
 * An iterator over the items of a generator that somebody else owns. It is an input iterator. An error of the generator
 * is thrown by ++.
 */
template <class T> class iterator {
  public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = T *;
    using reference = T &;
    using iterator_category = std::input_iterator_tag;

    iterator() noexcept = default;
    explicit iterator(lade_gen *g) noexcept : g_(g) {}
    T &operator*() const noexcept {
        return *item_;
    }
    T *operator->() const noexcept {
        return item_;
    }
    __attribute__((always_inline)) iterator &operator++() {
        item_ = detail::pull<T>(g_);
        return *this;
    }
    void operator++(int) {
        ++*this;
    }
    friend bool operator==(const iterator &i, detail::end_of_items) noexcept {
        return !i.item_;
    }
    friend bool operator!=(const iterator &i, detail::end_of_items) noexcept {
        return i.item_;
    }
    friend bool operator==(detail::end_of_items, const iterator &i) noexcept {
        return !i.item_;
    }
    friend bool operator!=(detail::end_of_items, const iterator &i) noexcept {
        return i.item_;
    }

  private:
    lade_gen *g_ = nullptr;
    T *item_ = nullptr;
};

/*
 * A handle that owns a generator of T. It can be moved, but not copied. The destructor closes and frees the generator;
 * an error that occurs meanwhile is passed to the hook of lade_set_unhandled_hook().
 *
 * A call of a generator function converts to this type. If there was no memory for the generator, the constructor
 * throws lade::error. A handle that is default-constructed or was moved from is empty; its functions throw lade::error
 * with the status LADE_ESTATE.
 */
template <class T> class generator {
  public:
    using value_type = T;
    using owned = lade_gen_owned(T); /* the type that generator functions return */
    using named = lade_gen(T);       /* the type of a variable in C */

    generator()
    noexcept = default;
    generator(owned g) : g_(detail::checked(detail::untyped(g))) {}
    generator(generator &&other)
    noexcept : g_(std::exchange(other.g_, nullptr)) {}
    generator
    &operator=(generator &&other) noexcept {
        generator
        moved(std::move(other));
        std::swap(g_, moved.g_);
        return *this;
    }
    ~generator()
    { lade__gen_free(g_); }

    /* Runs the generator to its next yield. Returns a copy of the item, or std::nullopt at the end and at every later
       call. Throws the error of the generator, once. */
    __attribute__((always_inline)) std::optional<T> next() {
        return detail::copy_of(detail::pull<T>(g_));
    }

    /* Does the same without a copy. Returns a pointer to the item, which is valid until the generator is used again, or
       nullptr. */
    __attribute__((always_inline)) T *next_item() {
        return detail::pull<T>(g_);
    }

    /* Resumes the generator; @value is the value of the yield at which it is suspended. Returns what next() returns. */
    std::optional<T> send(const T &value) {
        return detail::copy_of(
            detail::item_or_error<T>(g_, lade__gen_send(detail::not_empty(g_), std::addressof(value))));
    }

    /* Raises an error of @status at the yield at which the generator is suspended. Returns the next item if the
       generator caught the error and yielded, or std::nullopt if it caught the error and ended. Otherwise throws the
       error. */
    std::optional<T> throw_(int status, const char *message) {
        return detail::copy_of(
            detail::item_or_error<T>(g_, lade__gen_throw(detail::not_empty(g_), status, "%s", message)));
    }

    /* Ends the generator: its yield returns from the generator function. Throws the error that the generator raised
       meanwhile. */
    void close() {
        if (g_ && lade__gen_close(g_))
            detail::throw_error_of(g_);
    }

    /* A pointer to the value that the generator passed to lade_gen_return(), or nullptr. */
    const T *result() const noexcept {
        return static_cast<const T *>(lade__gen_result(g_));
    }
    lade_gen_state state() const noexcept {
        return static_cast<lade_gen_state>(lade__gen_state(g_));
    }
    const char *name() const noexcept {
        return lade__gen_name(g_);
    }
    /* False if the handle is empty. */
    explicit operator bool() const noexcept {
        return g_;
    }

    /* For C functions. get() is borrowed; the result of release() is owned by the caller, and the handle is empty. */
    named get() const noexcept {
        return reinterpret_cast<named>(g_);
    }
    owned release() noexcept {
        return reinterpret_cast<owned>(std::exchange(g_, nullptr));
    }

    /* Range-for continues at the present position, and leaves the generator suspended after a break. */
    __attribute__((always_inline)) iterator<T> begin() {
        return ++iterator<T>(detail::not_empty(g_));
    }
    detail::end_of_items end() const noexcept {
        return {};
    }

  private:
    lade_gen *g_ = nullptr;
};

} // namespace lade

/* ---- Range-for over the handles of C ------------------------------------------------------------------------------ */

/*
 * begin(), end() - let range-for accept the handles of C. The loop frees an owned generator, even if it is left by
 * break, return or an exception. A named generator (lade_gen(T) or lade_gen_auto(T)) remains as it is.
 */
template <class T> lade::detail::owning_iterator<T> begin(T *(**g)(lade_brand *)) {
    return lade::detail::owning_iterator<T>(lade::detail::checked(lade::detail::untyped(g)));
}
template <class T> lade::iterator<T> begin(T *(*const *g)(lade_brand *)) {
    return ++lade::iterator<T>(lade::detail::checked(lade::detail::untyped(g)));
}
template <class T> lade::detail::end_of_items end(T *(*const *)(lade_brand *)) noexcept {
    return {};
}

#include <lade/detail/gen_macros.hpp>
#endif
