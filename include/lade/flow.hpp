/*
 * lade/flow.hpp - streams of batches (flow.h) for C++. Link with -llade-data -llade.
 *
 *     lade::flow_ptr flow(lade_flow_from_directory("data/train", &options, &err));
 *     for (lade::batch b : lade::epoch(flow.get()))
 *         train(b->x, b->y);
 */
#ifndef LADE_FLOW_HPP
#define LADE_FLOW_HPP

#include <lade/flow.h>
#include <lade/lade.hpp>

#include <memory>

namespace lade {

/*
 * flow_ptr - a std::unique_ptr that frees a flow.
 */
struct flow_deleter {
    void operator()(lade_flow *flow) const noexcept {
        lade_flow_free(flow);
    }
};
using flow_ptr = std::unique_ptr<lade_flow, flow_deleter>;

/*
 * A reference to a batch. A copy of this object adds a reference to the batch, and the destructor removes the
 * reference. So a program may use the batch after its generator has ended. lade_flow_batches() explains how many
 * batches can have references at the same time.
 */
class batch {
  public:
    batch() noexcept = default;
    /* Adds a reference. */
    explicit batch(lade_batch *b) noexcept : b_(b ? lade_batch_ref(b) : nullptr) {}
    batch(const batch &other) noexcept : batch(other.b_) {}
    batch(batch &&other) noexcept : b_(std::exchange(other.b_, nullptr)) {}
    batch &operator=(batch other) noexcept {
        std::swap(b_, other.b_);
        return *this;
    }
    ~batch() {
        lade_batch_unref(b_);
    }
    lade_batch *operator->() const noexcept {
        return b_;
    }
    lade_batch &operator*() const noexcept {
        return *b_;
    }
    lade_batch *get() const noexcept {
        return b_;
    }
    explicit operator bool() const noexcept {
        return b_;
    }

  private:
    lade_batch *b_ = nullptr;
};

/*
 * A stream whose items are lade::batch objects. The stream owns a generator of lade_flow_batches().
 */
class batch_stream {
  public:
    explicit batch_stream(generator<lade_batch *> g) noexcept : g_(std::move(g)) {}

    /* Returns the next batch, or an empty batch at the end of the stream. Throws lade::error. */
    batch next() {
        lade_batch **b = g_.next_item();
        return b ? batch(*b) : batch();
    }
    class iterator {
      public:
        explicit iterator(batch_stream *stream) : stream_(stream), b_(stream->next()) {}
        const batch &operator*() const noexcept {
            return b_;
        }
        iterator &operator++() {
            b_ = batch(); /* removes the reference, so that the flow can use the memory for another batch */
            b_ = stream_->next();
            return *this;
        }
        bool operator!=(detail::end_of_items) const noexcept {
            return static_cast<bool>(b_);
        }

      private:
        batch_stream *stream_;
        batch b_;
    };
    iterator begin() {
        return iterator(this);
    }
    detail::end_of_items end() const noexcept {
        return {};
    }

  private:
    generator
    <lade_batch *> g_;
};

/*
 * batches(flow) - returns a stream of all batches of lade_flow_batches(flow), without end.
 * epoch(flow)   - returns a stream of as many batches as one epoch has.
 */
inline batch_stream batches(lade_flow *flow) {
    return batch_stream(lade_flow_batches(flow));
}
inline batch_stream epoch(lade_flow *flow) {
    return batch_stream(take(lade_flow_batches(flow), lade_flow_steps(flow)));
}

} // namespace lade
#endif
