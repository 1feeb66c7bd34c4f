/*
 * Defines the generator class for C++. If the compiler has std::generator of C++23, the name `generator` refers to
 * std::generator. Otherwise, the name refers to the class below. The class follows the description of std::generator in
 * the standard (P2502). It runs no code before the first item is requested, keeps a pointer to the item in the promise,
 * and delegates with elements_of by symmetric transfer. The outermost promise stores a handle of the innermost
 * coroutine, so the cost of an item does not depend on the depth. Exceptions reach the loop, and frames are allocated
 * by operator new. The class has no allocators, no references as items and no other ranges, because these features do
 * not change the cost of an item.
 */
#ifndef CXX_GENERATOR_H
#define CXX_GENERATOR_H

#if __has_include(<version>)
#include <version>
#endif

#ifdef __cpp_lib_generator

#include <generator>
#include <ranges>

using std::generator;
using std::ranges::elements_of;

#else

#include <coroutine>
#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <utility>

template <class T> class generator;

template <class T> struct elements_of {
    generator
    <T> inner;
    explicit elements_of(generator<T> &&g) noexcept : inner(std::move(g)) {}
};

template <class T> class generator {
  public:
    struct promise_type;
    using handle = std::coroutine_handle<promise_type>;

    /* The awaiter of co_yield elements_of(g) makes g the innermost coroutine and runs it at once. */
    struct delegation {
        generator
        inner;
        bool await_ready() const noexcept {
            return !inner.coroutine;
        }
        handle await_suspend(handle outer) noexcept {
            promise_type &in = inner.coroutine.promise(), &out = outer.promise();
            in.outermost = out.outermost;
            in.delegator = outer;
            in.outermost->innermost = inner.coroutine;
            return inner.coroutine;
        }
        void await_resume() const {
            if (inner.coroutine && inner.coroutine.promise().thrown)
                std::rethrow_exception(std::move(inner.coroutine.promise().thrown));
        }
    };

    /* The awaiter at the end of a coroutine resumes the delegating coroutine, or returns to the loop. */
    struct ending {
        bool await_ready() const noexcept {
            return false;
        }
        std::coroutine_handle<> await_suspend(handle ended) noexcept {
            promise_type &p = ended.promise();
            if (!p.delegator)
                return std::noop_coroutine();
            p.outermost->innermost = p.delegator;
            return p.delegator;
        }
        void await_resume() const noexcept {}
    };

    /* This awaiter is used if the operand of co_yield is an lvalue. It stores a copy while the loop uses the item. */
    struct copied {
        T copy;
        bool await_ready() const noexcept {
            return false;
        }
        void await_suspend(handle h) noexcept {
            h.promise().outermost->item = std::addressof(copy);
        }
        void await_resume() const noexcept {}
    };

    struct promise_type {
        T *item = nullptr; /* address of the item; used in the outermost promise */
        promise_type *outermost = this;
        handle innermost = handle::from_promise(*this); /* the coroutine to resume; used in the outermost promise */
        handle delegator = nullptr;
        std::exception_ptr thrown;

        generator
        get_return_object() noexcept {
            return generator(handle::from_promise(*this));
        }
        std::suspend_always initial_suspend() const noexcept {
            return {};
        }
        ending final_suspend() const noexcept {
            return {};
        }
        std::suspend_always yield_value(T &&value) noexcept {
            outermost->item = std::addressof(value);
            return {};
        }
        copied yield_value(const T &value) {
            return {value};
        }
        delegation yield_value(elements_of<T> &&of) noexcept {
            return {std::move(of.inner)};
        }
        void return_void() const noexcept {}
        void unhandled_exception() {
            if (!delegator)
                throw;
            thrown = std::current_exception();
        }
        void await_transform() = delete;
    };

    class iterator {
      public:
        explicit iterator(handle h) noexcept : coroutine(h) {}
        T &operator*() const noexcept {
            return *coroutine.promise().item;
        }
        iterator &operator++() {
            coroutine.promise().innermost.resume();
            return *this;
        }
        bool operator==(std::default_sentinel_t) const noexcept {
            return coroutine.done();
        }

      private:
        handle coroutine;
    };

    generator(generator &&from)
    noexcept : coroutine(std::exchange(from.coroutine, nullptr)) {}
    generator
    &operator=(generator &&from) noexcept {
        std::swap(coroutine, from.coroutine);
        return *this;
    }
    ~generator()
    {
        if (coroutine)
            coroutine.destroy();
    }
    iterator begin() {
        coroutine.resume();
        return iterator(coroutine);
    }
    std::default_sentinel_t end() const noexcept {
        return {};
    }

  private:
    explicit generator(handle h)
    noexcept : coroutine(h) {}
    handle coroutine;
};

#endif
#endif
