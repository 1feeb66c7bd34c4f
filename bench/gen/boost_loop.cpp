/*
 * Defines the loops over the generators with Boost.Context. Most rows take stacks from Boost's pool. The rows live_open
 * and live_close, which have many generators at a time, use stacks without guard pages. With guard pages, all these
 * stacks would need more memory mappings than Linux allows for a process.
 */
#include "bench.h"
#include "boost_body.h"

#include <boost/context/fixedsize_stack.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>

#include <vector>

static const std::size_t STACK = 64 * 1024;
static boost::context::pooled_fixedsize_stack pool(STACK);

static long sum_of(void (*body)(fcontext::transfer_t), arguments args) {
    boost::context::stack_context stack = pool.allocate();
    long total = 0;
    puller p(stack.sp, stack.size, body, &args);
    for (long *item; (item = p.next());)
        total += *item;
    pool.deallocate(stack);
    return total;
}

static long pull(long n, long) {
    return sum_of(squares, {n, 0, nullptr});
}

static long fill(long n, long) {
    std::vector<long> items;
    boost::context::stack_context stack = pool.allocate();
    arguments args = {n, 0, nullptr};
    puller p(stack.sp, stack.size, squares, &args);
    for (long *item; (item = p.next());)
        items.push_back(*item);
    pool.deallocate(stack);
    return items.back() + (long)items.size();
}

static long delegate(long n, long depth) {
    return sum_of(depth ? nested : squares, {n, depth, nullptr});
}

static long create(long n, long) {
    long total = 0;
    for (long i = 0; i < n; i++)
        total += sum_of(squares, {i & 3, 0, nullptr});
    return total;
}

struct kept_one {
    boost::context::stack_context stack;
    puller generator;
};

static boost::context::fixedsize_stack stacks(STACK);
static std::vector<kept_one> kept;
static long closed;

static long live_open(long n, long) {
    long total = 0;
    kept.reserve(n);
    arguments args = {0, 0, &closed};
    for (long i = 0; i < n; i++) {
        boost::context::stack_context stack = stacks.allocate();
        kept.push_back({stack, puller(stack.sp, stack.size, ones, &args)});
        total += *kept.back().generator.next();
    }
    return total;
}

static long live_close(long, long) {
    for (kept_one &one : kept) {
        one.generator.close();
        stacks.deallocate(one.stack);
    }
    return closed;
}

const bench_row bench_rows[] = {
    {"drain", pull},
    {"fill", fill},
    {"pull", pull},
    {"each", pull},
    {"delegate_drain", delegate},
    {"delegate_pull", delegate},
    {"create_drain", create},
    {"create_pull", create},
    {"live_open", live_open},
    {"live_close", live_close},
    {nullptr, nullptr},
};
