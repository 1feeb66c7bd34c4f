/*
 * Defines the generators with Boost.Context. Boost.Context has no delegation, so each level yields the items of the
 * level below.
 */
#include "boost_body.h"

#include <boost/context/fixedsize_stack.hpp>

using fcontext::transfer_t;

/* Copies the arguments and returns when the generator is resumed for the first time. */
static arguments arrive(transfer_t &resumer) {
    arguments args = *static_cast<arguments *>(resumer.data);
    resumer = fcontext::jump_fcontext(resumer.fctx, nullptr);
    return args;
}

static bool hand_over(transfer_t &resumer, long item) {
    resumer = fcontext::jump_fcontext(resumer.fctx, &item);
    return resumer.data != nullptr;
}

void squares(transfer_t resumer) {
    arguments args = arrive(resumer);
    for (long i = 0; resumer.data && i < args.n; i++)
        if (!hand_over(resumer, i * i))
            break;
    fcontext::jump_fcontext(resumer.fctx, nullptr);
}

void nested(transfer_t resumer) {
    arguments args = arrive(resumer);
    boost::context::fixedsize_stack stacks(64 * 1024);
    boost::context::stack_context stack = stacks.allocate();
    arguments inner = {args.n, args.depth - 1, args.closed};
    puller p(stack.sp, stack.size, inner.depth ? nested : squares, &inner);
    for (long *item; resumer.data && (item = p.next());)
        hand_over(resumer, *item);
    stacks.deallocate(stack);
    fcontext::jump_fcontext(resumer.fctx, nullptr);
}

void ones(transfer_t resumer) {
    arguments args = arrive(resumer);
    while (hand_over(resumer, 1))
        ;
    ++*args.closed;
    fcontext::jump_fcontext(resumer.fctx, nullptr);
}
