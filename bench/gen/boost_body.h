/*
 * Declares generators that use fcontext, the low-level stack switch of Boost.Context. A generator passes the address of
 * its item to the caller. The caller passes NULL to end the generator, and any other pointer to get the next item.
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

/* Runs a generator on the given stack. The constructor passes the arguments. next() returns NULL at the end. */
class puller {
  public:
    puller(void *top, std::size_t size, void (*body)(fcontext::transfer_t), arguments *args)
        : context(fcontext::make_fcontext(top, size, body)) {
        resume(args); /* the generator copies the arguments and switches back */
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
