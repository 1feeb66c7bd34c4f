/*
 * lade/detail/gen_macros.hpp - the implementation of the macros of gen.h in C++. This header is private.
 *
 * A generator function in C++ is compiled as in C: gen_runtime.h describes the frame and the two functions into which
 * the body is inlined. The body is the block after lade_generator(). There are three differences. The frame contains
 * the arguments as C++ objects, which are moved into the parameters of the body. The two functions catch exceptions. A
 * suspended body has its own list of caught exceptions (see caught_list()).
 */
#ifndef LADE_DETAIL_GEN_MACROS_HPP
#define LADE_DETAIL_GEN_MACROS_HPP

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/gen.hpp>

#include <cxxabi.h>
#include <memory>
#include <new>
#include <type_traits>

namespace lade {
namespace detail {

/* ---- Frames ------------------------------------------------------------------------------------------------------ */

/* The enum lade__item_class of items of T. */
template <class T> constexpr int item_class() noexcept {
    return std::is_same<T, const char *>::value || std::is_same<T, lade_dir_entry>::value ? LADE__TEXTS
           : std::is_same<T, lade_line>::value                                            ? LADE__LINES
                                                                                          : LADE__OTHERS;
}

/* The frame of a generator of T. It contains a struct lade_gen, the slot, memory for two results, and an object of type
   A with the arguments. */
template <class T, class A> struct frame {
    static_assert(std::is_trivially_copyable<T>::value,
                  "generator: the items are copied as bytes; use a pointer to an object of this type");
    static_assert(alignof(T) <= 16 && alignof(A) <= 16,
                  "generator: an item or argument is aligned to more than 16 bytes; give a pointer to it instead");
    static constexpr size_t round_up(size_t n, size_t to) {
        return (n + to - 1) / to * to;
    }
    static constexpr size_t slot = round_up(sizeof(lade_gen), alignof(T));
    static constexpr size_t results = slot + sizeof(T);
    static constexpr size_t args = round_up(results + 2 * sizeof(T), alignof(A));
    static A *args_of(lade_gen *g) noexcept {
        return std::launder(reinterpret_cast<A *>(reinterpret_cast<char *>(g) + args));
    }
    static void drop(lade_gen *g) noexcept {
        args_of(g)->~A();
    }
    using entry = void(lade_gen *, lade_port *);
    static constexpr lade_gen_kind kind(const char *name, entry *drain, entry *pull) {
        return {name, args + sizeof(A), sizeof(T), slot, results, item_class<T>(), drain, pull, drop};
    }
    /* Returns NULL if there is no memory. */
    template <class... V> static lade_gen_owned(T) make(const lade_gen_kind &kind, V &&...values) {
        lade_gen *g = static_cast<lade_gen *>(lade__gen_new(&kind));
        if (g)
            try {
                ::new (static_cast<void *>(reinterpret_cast<char *>(g) + args)) A{std::forward<V>(values)...};
            } catch (...) {
                g->state = LADE__DONE; /* the object of type A does not exist, and must not be destroyed */
                lade__gen_free(g);
                throw;
            }
        return reinterpret_cast<lade_gen_owned(T)>(g);
    }
};

/* ---- Inside a body ----------------------------------------------------------------------------------------------- */

/*
 * For each thread, the C++ runtime has a list of the exceptions that are being handled. A body that is suspended in a
 * catch block needs a list of its own. Otherwise the end of a catch block of the consumer could free the exception of
 * the body. So the list of the thread and the list of the body are exchanged whenever the body starts or stops running.
 *
 * caught_list() returns the address of the variable in which the thread stores its list, which is the first member of
 * __cxa_eh_globals. The function is noinline: if it were inlined, the compiler could use the result of an earlier call
 * of __cxa_get_globals(), which is wrong after the body has moved to another thread. A body calls caught_list() only
 * when it starts and when it continues on another thread.
 */
__attribute__((noinline)) inline void **caught_list() noexcept {
    return reinterpret_cast<void **>(abi::__cxa_get_globals());
}
inline void *this_thread() noexcept {
    void *thread = nullptr;
#if defined(__linux__) && defined(__x86_64__) && !defined(__ILP32__)
    __asm__ volatile("movq %%fs:0, %0" : "=r"(thread));
#elif defined(__linux__) && defined(__aarch64__)
    __asm__ volatile("mrs %0, tpidr_el0" : "=r"(thread));
#endif
    return thread; /* NULL means that the thread is unknown */
}

/* A running body. */
struct here {
    lade_here c;
    void *other = nullptr; /* while the body runs, the list of the consumer; while the body is suspended, the list of
                              the body */
    void **list = nullptr; /* caught_list() of `thread` */
    void *thread = nullptr;

    explicit here(lade_port *port) noexcept : c{port, 0} {
        arrive();
    }
    here(const here &) = delete;
    here &operator=(const here &) = delete;
    ~here() {
        leave();
    }
    __attribute__((always_inline)) void arrive() noexcept {
        void *now = this_thread();
        if (__builtin_expect(!now || now != thread, 0)) {
            thread = now;
            list = caught_list();
        }
        leave();
    }
    __attribute__((always_inline)) void leave() noexcept {
        std::swap(*list, other);
    }
};

__attribute__((always_inline)) inline int suspend(here *body, void *item) noexcept {
    body->leave();
    int status = lade__suspend(&body->c, item);
    body->arrive();
    return status;
}
inline int full(here *body) noexcept {
    body->leave();
    int status = lade__port_full(body->c.port);
    body->arrive();
    return status;
}
inline int delegate(lade_gen *self, here *body, lade_gen *sub, int owned) noexcept {
    body->leave();
    int status = lade__yield_from(self, body->c.port, sub, owned);
    body->arrive();
    return status;
}

template <class T> inline void store(T *at, const T &value) noexcept {
    ::new (static_cast<void *>(at)) T(value);
}
template <class T> inline T item_at(const T *, const void *sent) {
    return sent ? *static_cast<const T *>(sent) : T{};
}

/* Returns true if @function is the name of a body. Returns false for a lambda in a body, because a yield in the lambda
   would return from the lambda. */
constexpr bool is_body(const char *function) {
    const char *end = function;
    while (*end)
        end++;
    return end - function > 10 && end[-10] == '_' && end[-9] == 'l' && end[-5] == '_' && end[-4] == 'b' &&
           end[-1] == 'y';
}

} // namespace detail
} // namespace lade

/* ---- The macros of gen_source.h, gen_body.h, gen_consume.h and gen_define.h -------------------------------------- */

#define lade__item(g)     __typeof__(*(*(g))(nullptr))
#define lade__untyped(g)  ::lade::detail::untyped(g)
#define lade__variable(g) ::lade::detail::variable(g)
#define lade__named(g)    lade__untyped(g)
#define lade__is_owned(g) (::lade::detail::source_of(g).owned)

/* If yield is used outside of a body, the compiler prints this name as an unknown variable, so the name explains the
   mistake. The variable is 1 in the function `pull` and 0 in the function `drain`. */
#define LADE__PULLED yield_works_only_inside_a_generator_body

#define LADE__IN_BODY(word)                                                  \
    static_assert(sizeof(LADE__PULLED) && ::lade::detail::is_body(__func__), \
                  word ": a lambda in a generator function cannot yield; use a generator of its own")
#define LADE__CHECK_ITEM(word, ...)                                                                                   \
    LADE__IN_BODY(word);                                                                                              \
    static_assert(                                                                                                    \
        !(std::is_integral<__typeof__(**lade__at)>::value && std::is_floating_point<__typeof__(__VA_ARGS__)>::value), \
        word ": a floating-point value would lose its fraction; cast it to the integer type of the items")

#define LADE__PUT(value, status, ...)                                                              \
    __typeof__(**lade__at) value = (__VA_ARGS__);                                                  \
    int status = 0;                                                                                \
    if (LADE__PULLED) {                                                                            \
        ::lade::detail::store(*lade__at, value);                                                   \
        status = ::lade::detail::suspend(lade__body, *lade__at);                                   \
    } else {                                                                                       \
        ::lade::detail::store((*lade__at)++, value);                                               \
        if (__builtin_expect(reinterpret_cast<char *>(*lade__at) >= lade__body->c.port->end, 0)) { \
            lade__body->c.port->p = reinterpret_cast<char *>(*lade__at);                           \
            status = ::lade::detail::full(lade__body);                                             \
            *lade__at = reinterpret_cast<__typeof__(*lade__at)>(lade__body->c.port->p);            \
        }                                                                                          \
    }

#define LADE__YIELD(...)                                                           \
    __extension__({                                                                \
        LADE__CHECK_ITEM("yield", __VA_ARGS__);                                    \
        LADE__PUT(lade__value, lade__status, __VA_ARGS__)                          \
        if (__builtin_expect(lade__status, 0)) {                                   \
            ::lade::detail::throw_unless_closed(lade__body->c.port, lade__status); \
            return;                                                                \
        }                                                                          \
        ::lade::detail::item_at(*lade__at, lade__body->c.port->sent);              \
    })

#define LADE__TRY_YIELD(...)                                \
    __extension__({                                         \
        LADE__CHECK_ITEM("try_yield", __VA_ARGS__);         \
        LADE__PUT(lade__value, lade__status, __VA_ARGS__)   \
        lade__port_catch(lade__body->c.port, lade__status); \
    })

#define LADE__YIELD_FROM(...)                                                                              \
    __extension__({                                                                                        \
        LADE__IN_BODY("yield_from");                                                                       \
        auto lade__sub = ::lade::detail::source_of(__VA_ARGS__);                                           \
        static_assert(std::is_same<decltype(lade__sub)::value_type, __typeof__(**lade__at)>::value,        \
                      "yield_from: the two generators have items of different types");                     \
        if (!(LADE__PULLED))                                                                               \
            lade__body->c.port->p = reinterpret_cast<char *>(*lade__at);                                   \
        int lade__status = ::lade::detail::delegate(lade__self, lade__body, lade__sub.g, lade__sub.owned); \
        if (!(LADE__PULLED))                                                                               \
            *lade__at = reinterpret_cast<__typeof__(*lade__at)>(lade__body->c.port->p);                    \
        if (__builtin_expect(lade__status, 0)) {                                                           \
            ::lade::detail::throw_unless_closed(lade__body->c.port, lade__status);                         \
            return;                                                                                        \
        }                                                                                                  \
        ::lade::detail::item_at(*lade__at, lade__from_result(lade__self));                                 \
    })

#define LADE__RETURN(...)                                                                        \
    do {                                                                                         \
        LADE__CHECK_ITEM("gen_return", __VA_ARGS__);                                             \
        ::lade::detail::store(static_cast<__typeof__(*lade__at)>(lade__result_room(lade__self)), \
                              static_cast<__typeof__(**lade__at)>(__VA_ARGS__));                 \
        return;                                                                                  \
    } while (0)

#define LADE__FAIL(code, ...)                              \
    do {                                                   \
        LADE__IN_BODY("lade_fail");                        \
        lade_error lade__failure{};                        \
        lade_error_set(&lade__failure, code, __VA_ARGS__); \
        throw ::lade::error(lade__failure);                \
    } while (0)
#define LADE__FAIL_WITH(err)                 \
    do {                                     \
        LADE__IN_BODY("lade_fail_with");     \
        ::lade::detail::throw_error(*(err)); \
    } while (0)

#define LADE__NEXT(g)       ::lade::detail::next(g)
#define LADE__SEND(g, ...)  ::lade::detail::send(g, __VA_ARGS__)
#define LADE__THROW(g, ...) static_cast<lade__item(g) *>(lade__gen_throw(lade__named(g), __VA_ARGS__))

#define LADE__FOR_EACH(...)                LADE__CAT(LADE__FOR_EACH_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define LADE__FOR_EACH_2(x, source)        for ([[maybe_unused]] auto x : (source))
#define LADE__FOR_EACH_3(x, source, error) for ([[maybe_unused]] auto x : ::lade::detail::each(source, error))

#if LADE__INLINE_SWITCH
#define LADE__PULL_ENTRY(name) name##_lade_pull
#else
#define LADE__PULL_ENTRY(name) nullptr
#endif

/* gen_define.h describes the arguments of LADE__DEFINE. The struct of the arguments is local to the file, because two
   files may have static generator functions of the same name. */
#define LADE__DEFINE(storage, T, name, proto, fields, init, pass, params)                                           \
    storage LADE__DECL(T, name, proto); /* first, so that attributes before the macro apply to the function */      \
    namespace {                                                                                                     \
    struct name##_lade_args {                                                                                       \
        LADE__UNPAREN fields char lade__end;                                                                        \
    };                                                                                                              \
    }                                                                                                               \
    static inline __attribute__((always_inline)) void name##_lade_body(                                             \
        lade_gen *lade__self, ::lade::detail::here *lade__body, __typeof__(T) **lade__at,                           \
        const int LADE__PULLED LADE__UNPAREN params);                                                               \
    static void name##_lade_drain(lade_gen *lade__self, lade_port *lade__port) {                                    \
        LADE__RUN(T, name, lade__p, 0, pass)                                                                        \
        lade__port->p = reinterpret_cast<char *>(lade__p);                                                          \
    }                                                                                                               \
    [[maybe_unused]] static void name##_lade_pull(lade_gen *lade__self, lade_port *lade__port) {                    \
        LADE__RUN(T, name, lade__p, 1, pass)                                                                        \
    }                                                                                                               \
    static constexpr lade_gen_kind name##_lade_kind = ::lade::detail::frame<__typeof__(T), name##_lade_args>::kind( \
        #name, name##_lade_drain, LADE__PULL_ENTRY(name));                                                          \
    storage lade_gen_owned(T)                                                                                       \
    name proto {                                                                                                    \
        return ::lade::detail::frame<__typeof__(T), name##_lade_args>::make(name##_lade_kind,                       \
                                                                            LADE__UNPAREN init '\0');               \
    }                                                                                                               \
    static inline __attribute__((always_inline)) void name##_lade_body(                                             \
        [[maybe_unused]] lade_gen *lade__self, [[maybe_unused]] ::lade::detail::here *lade__body,                   \
        [[maybe_unused]] __typeof__(T) **lade__at, [[maybe_unused]] const int LADE__PULLED LADE__UNPAREN params)
#define LADE__RUN(T, name, at, pulled, pass)                                                                      \
    [[maybe_unused]] auto *lade__f = ::lade::detail::frame<__typeof__(T), name##_lade_args>::args_of(lade__self); \
    __typeof__(T) *at = reinterpret_cast<__typeof__(T) *>(lade__port->p);                                         \
    try {                                                                                                         \
        ::lade::detail::here lade__now(lade__port);                                                               \
        name##_lade_body(lade__self, &lade__now, &at, pulled LADE__UNPAREN pass);                                 \
    }                                                                                                             \
    LADE__CATCH_CANCEL(::lade::detail::frame<__typeof__(T), name##_lade_args>::drop(lade__self))                  \
    catch (...) {                                                                                                 \
        ::lade::detail::raise_current(lade__port);                                                                \
    }                                                                                                             \
    ::lade::detail::frame<__typeof__(T), name##_lade_args>::drop(lade__self);

#endif
