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
 * A reference to a batch. A copy adds a reference, and the destructor removes the reference, so a batch may be kept
 * longer than its generator. See lade_flow_batches() for the number of batches that can be kept.
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
 * A stream of batches whose items are lade::batch objects. It owns a generator of lade_flow_batches().
 */
class batch_stream {
  public:
    explicit batch_stream(generator<lade_batch *> g) noexcept : g_(std::move(g)) {}

    /* Returns the next batch; it is empty at the end. Throws lade::error. */
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
            b_ = batch(); /* releases the slot in the ring before the next batch is requested */
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
 * batches(flow) - all batches of lade_flow_batches(flow), without end.
 * epoch(flow)   - the batches of one epoch.
 */
inline batch_stream batches(lade_flow *flow) {
    return batch_stream(lade_flow_batches(flow));
}
inline batch_stream epoch(lade_flow *flow) {
    return batch_stream(take(lade_flow_batches(flow), lade_flow_steps(flow)));
}

} // namespace lade
#endif
