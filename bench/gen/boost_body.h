/*
 * Generators on Boost.Context's fcontext, the bare switch below Boost's classes: a context, a stack, and the address of
 * the item handed over. The resumer says whether it wants an item (any pointer but NULL) or the end.
 */
#include <boost/context/detail/fcontext.hpp>

namespace fcontext = boost::context::detail;

struct arguments {
    long n, depth;
    long *closed;
};

void squares(fcontext::transfer_t resumer);
void nested(fcontext::transfer_t resumer);
void ones(fcontext::transfer_t resumer);

/* One generator on a stack given; begin() hands the arguments over, next() gives NULL at the end. */
class puller {
  public:
    puller(void *top, std::size_t size, void (*body)(fcontext::transfer_t), arguments *args)
        : context(fcontext::make_fcontext(top, size, body)) {
        resume(args); /* the body copies its arguments and comes back */
    }
    long *next() {
        return resume(this);
    }
    void close() {
        resume(nullptr);
    }

  private:
    long *resume(void *what) {
        fcontext::transfer_t back = fcontext::jump_fcontext(context, what);
        context = back.fctx;
        return static_cast<long *>(back.data);
    }
    fcontext::fcontext_t context;
};
