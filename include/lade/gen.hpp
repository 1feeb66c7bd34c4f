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
 * Generator functions are written with the macros of gen.h, as in C. <lade/short.hpp> defines short names of these
 * macros. The arguments and the local variables of such a function may have any type. If the generator is closed, its
 * yield returns from the function, so the destructors of the local variables run. The items must be trivially copyable.
 * For other objects, yield pointers to the objects. The macros cannot be used in a lambda, a member function or a
 * template.
 *
 *     generator(long, lengths, std::vector<std::string>, words) {
 *         for (const std::string &word : words)
 *             yield(static_cast<long>(word.size()));
 *     }
 *
 * A function that a C header declares with lade_generator_decl() has C linkage in a C++ program only if the declaration
 * is inside extern "C" { }.
 *
 * Exceptions. An exception ends a generator if it leaves a generator function written in C++, or a function that a
 * combinator of iter.hpp calls. The library stores the exception, and makes an error of lade from it. This error passes
 * through generators and combinators written in C. A consumer in C++ gets the original exception. A consumer in C gets
 * the error. Its status is LADE_ERUNTIME (LADE_ENOMEM for std::bad_alloc), and its message is the text of what(). The
 * library stores at most 64 exceptions that no consumer has received. If there are more, the oldest exception is lost,
 * and its consumer gets a lade::error. An error of a generator written in C reaches a consumer in C++ as a lade::error.
 * In a generator function written in C++, lade_fail() throws an exception. If an error is thrown into the generator,
 * its yield throws an exception, and lade_yield_from() throws the error of its generator. A yield may be in a try block
 * and in a catch block.
 *
 * An exception must not leave a C++ function that C code calls, for example the function of a lade_map() in a C file.
 * If the generator is drained, such an exception passes through the C code, and the memory of the C code is not freed.
 * If the generator is pulled, the exception cannot leave the stack of the generator, and std::terminate is called.
 *
 * Stacks. The library cannot measure how much stack a generator function written in C++ needs. If the local variables
 * take more than about 16 KiB, enlarge the stack with lade_gen_stack(), or allocate the variables on the heap.
 *
 * Threads. One thread at a time may use a generator, as in C.
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
 * An iterator over the items of a generator. It is an input iterator, and does not own the generator. The operator ++
 * throws the error of the generator.
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
 * A handle that owns a generator of T. It can be moved, but not copied. The destructor closes and frees the generator.
 * An error of the destructor is passed to the hook of lade_set_unhandled_hook().
 *
 * The result of a generator function converts to this type. If there was no memory for the generator, the constructor
 * throws lade::error. A handle is empty if it was default-constructed or moved from. The functions of an empty handle
 * that use the generator throw lade::error with the status LADE_ESTATE.
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
       call. If the generator fails, throws its error. Later calls return std::nullopt. */
    __attribute__((always_inline)) std::optional<T> next() {
        return detail::copy_of(detail::pull<T>(g_));
    }

    /* Does the same as next(), but does not copy the item. Returns a pointer to the item, which is valid until the
       generator is used again, or nullptr. */
    __attribute__((always_inline)) T *next_item() {
        return detail::pull<T>(g_);
    }

    /* Resumes the generator. @value becomes the value of the yield at which the generator is suspended. Returns the
       same as next(). */
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
       during the close. */
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

    /* For calls of C functions. The result of get() is borrowed. The caller owns the result of release(), and the
       handle is then empty. */
    named get() const noexcept {
        return reinterpret_cast<named>(g_);
    }
    owned release() noexcept {
        return reinterpret_cast<owned>(std::exchange(g_, nullptr));
    }

    /* Range-for begins with the next item of the generator. After a break, the generator stays suspended. */
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

/* ---- Range-for over the handles of C ----------------------------------------------------------------------------- */

/*
 * begin(), end() - let range-for accept generators with the types of C. The loop frees an owned generator, even if
 * break, return or an exception ends the loop. A named generator (lade_gen(T) or lade_gen_auto(T)) stays suspended
 * after such an end.
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
