/*
 * train/net/memory.c - decides which outputs and gradients of a shard share memory. Every output, gradient and array of
 * statistics has a buffer. A buffer is needed from its first write to its last read. Buffers that are not needed at the
 * same time may have the same memory. For example, the gradients of the first layers overwrite the gradients of the
 * last layers. In a prediction, only a few outputs exist at the same time.
 *
 * A time is a number: op i of the forward pass runs at time i, the loss is computed at time op_count, and op i of the
 * backward pass runs at time 2 * op_count - i.
 */
#include "train/net/plan.h"

#define ALIGN_FLOATS 16

struct memory {
    struct lade__batch_shard *shard;
    bool training;
    int *needed;    /* for each op: the last time at which its output is read */
    int *gradients; /* for each op: the buffer of the gradient of its output; -1: not computed yet */
    int *users;     /* for each buffer: number of gradients in the buffer that are still needed */
    int *order;     /* the buffers sorted by size, the largest first */
    int *placed;    /* the buffers that already have an offset, sorted by offset */
};

static int backward_time(const struct lade__batch_shard *s, int op) {
    return 2 * s->op_count - op;
}

static int new_buffer(struct memory *m, size_t floats, int first, int last) {
    struct lade__batch_shard *s = m->shard;
    s->buffers[s->buffer_count] = (struct lade__shard_buffer){floats, 0, first, last};
    return s->buffer_count++;
}

static void need_until(struct memory *m, int buffer, int time) {
    struct lade__shard_buffer *b = &m->shard->buffers[buffer];
    if (b->last < time)
        b->last = time;
}

/* ---- Outputs ----------------------------------------------------------------------------------------------------- */

static int buffer_of(const struct lade__batch_shard *s, int op) {
    return op == LADE__SAMPLES ? s->samples : s->ops[op].output;
}

/* Computes the last time at which each output is read. Returns the last time at which the samples are read. */
static int find_last_reads(struct memory *m) {
    const struct lade__batch_shard *s = m->shard;
    int samples = 0;
    for (int i = 0; i < s->op_count; i++) {
        const struct lade__op *op = &s->ops[i];
        const struct lade__layer_kind *kind = op->layer ? op->layer->kind : NULL;
        m->needed[i] = kind && kind->needs_output && op->has_gradient ? backward_time(s, i) : i;
        for (int j = 0; j < op->input_count; j++) {
            int *needed = op->inputs[j].from == LADE__SAMPLES ? &samples : &m->needed[op->inputs[j].from];
            int time = kind && kind->needs_input && op->has_gradient ? backward_time(s, i) : i;
            if (*needed < time)
                *needed = time;
        }
    }
    if (m->needed[s->op_count - 1] < s->op_count)
        m->needed[s->op_count - 1] = s->op_count; /* the loss reads the last output */
    return samples;
}

/* Looks for an input of op @i whose buffer may also be used for the output. Returns the index of this input, or -1 if
   the output needs a new buffer. */
static int find_overwritten(const struct memory *m, int i) {
    const struct lade__batch_shard *s = m->shard;
    const struct lade__op *op = &s->ops[i];
    if (op->is_identity)
        return 0;
    for (int j = 0; op->layer && op->layer->kind->in_place && j < op->input_count; j++) {
        int buffer = buffer_of(s, op->inputs[j].from);
        if (buffer != s->samples && s->buffers[buffer].last <= i)
            return j;
    }
    return -1;
}

static void place_outputs(struct memory *m) {
    struct lade__batch_shard *s = m->shard;
    s->samples = new_buffer(m, lade__dnnl_layout_floats(s->x), 0, find_last_reads(m));
    for (int i = 0; i < s->op_count; i++) {
        struct lade__op *op = &s->ops[i];
        op->overwrites = find_overwritten(m, i);
        if (op->overwrites < 0)
            op->output = new_buffer(m, lade__dnnl_layout_floats(op->layout), i, m->needed[i]);
        else
            op->output = buffer_of(s, op->inputs[op->overwrites].from);
        need_until(m, op->output, m->needed[i]);
        if (op->layer && op->layer->kind->computed_by == LADE__NORM) {
            /* In training, the statistics are needed until the backward pass is finished. The running statistics are
               updated after the backward pass. */
            int last = m->training ? backward_time(s, 0) + 1 : i;
            op->statistics = new_buffer(m, LADE__NORM_FLOATS(lade__dnnl_layout_extent(op->layout)->channels), i, last);
        }
    }
}

/* ---- Gradients --------------------------------------------------------------------------------------------------- */

static int new_gradient(struct memory *m, int op, int time) {
    int buffer = new_buffer(m, lade__dnnl_layout_floats(m->shard->ops[op].layout), time, time);
    m->users[buffer] = 0;
    return buffer;
}

/*
 * Chooses the buffers for the gradient dx of input @j of op @i. dx uses the buffer of dy in two cases: dx is equal to
 * dy, or the op may overwrite dy and the buffer of dy contains no other gradient. If another op has already computed a
 * gradient of the same input, the two gradients are added. The sum is stored in a buffer that contains no other
 * gradient.
 */
static void place_input_gradient(struct memory *m, int i, int j) {
    const struct lade__op *op = &m->shard->ops[i];
    struct lade__op_input *input = &op->inputs[j];
    int time = backward_time(m->shard, i), *gradient = &m->gradients[input->from];
    bool overwrites = op->layer && op->layer->kind->in_place && m->users[op->dy] == 1;
    input->dx = lade__op_copies_gradient(op) || overwrites ? op->dy : new_gradient(m, input->from, time);
    input->is_added = *gradient >= 0;
    if (input->is_added) {
        input->earlier = *gradient;
        need_until(m, input->earlier, time);
        m->users[input->earlier]--;
        input->sum = m->users[input->earlier] == 0 ? input->earlier
                     : m->users[input->dx] == 0    ? input->dx
                                                   : new_gradient(m, input->from, time);
    }
    *gradient = input->is_added ? input->sum : input->dx;
    m->users[*gradient]++;
}

static void place_gradients(struct memory *m) {
    struct lade__batch_shard *s = m->shard;
    for (int i = 0; i < s->op_count; i++)
        m->gradients[i] = -1;
    m->gradients[s->op_count - 1] = new_gradient(m, s->op_count - 1, s->op_count);
    m->users[m->gradients[s->op_count - 1]] = 1;
    for (int i = s->op_count - 1; i >= 0; i--) {
        struct lade__op *op = &s->ops[i];
        if (!op->has_gradient)
            continue;
        op->dy = m->gradients[i];
        need_until(m, op->dy, backward_time(s, i));
        for (int j = 0; j < op->input_count; j++)
            if (op->inputs[j].has_gradient)
                place_input_gradient(m, i, j);
        m->users[op->dy]--;
    }
}

/* ---- Offsets ----------------------------------------------------------------------------------------------------- */

/* Sorts the buffers by size, the largest first. Buffers of one size keep their order. */
static void sort_by_size(struct memory *m) {
    const struct lade__shard_buffer *b = m->shard->buffers;
    for (int i = 0; i < m->shard->buffer_count; i++) {
        int at = i;
        for (; at > 0 && b[m->order[at - 1]].floats < b[i].floats; at--)
            m->order[at] = m->order[at - 1];
        m->order[at] = i;
    }
}

/* Gives the buffer the lowest offset at which no other buffer needs the memory at the same time. @count buffers already
   have an offset. */
static void set_offset(struct memory *m, int buffer, int count) {
    struct lade__batch_shard *s = m->shard;
    struct lade__shard_buffer *b = &s->buffers[buffer];
    size_t size = (b->floats + ALIGN_FLOATS - 1) / ALIGN_FLOATS * ALIGN_FLOATS;
    for (int i = 0; i < count; i++) {
        const struct lade__shard_buffer *other = &s->buffers[m->placed[i]];
        size_t end = other->offset + (other->floats + ALIGN_FLOATS - 1) / ALIGN_FLOATS * ALIGN_FLOATS;
        if (other->first > b->last || other->last < b->first || end <= b->offset)
            continue;
        if (b->offset + size <= other->offset)
            break;
        b->offset = end;
    }
    int at = count;
    for (; at > 0 && s->buffers[m->placed[at - 1]].offset > b->offset; at--)
        m->placed[at] = m->placed[at - 1];
    m->placed[at] = buffer;
    if (s->floats < b->offset + size)
        s->floats = b->offset + size;
}

int lade__batch_shard_place(struct lade__batch_shard *s, bool training, struct lade_error *err) {
    /* There are at most 2 buffers for the samples and the last gradient; 2 buffers for each op (output and statistics);
       and 2 buffers for each input (its gradient and a sum). */
    size_t ops = (size_t)s->op_count, buffers = 2 + 2 * ops + 2 * (size_t)s->input_count;
    struct memory m = {.shard = s, .training = training};
    s->buffers = lade_calloc(buffers, sizeof *s->buffers);
    lade_cleanup(lade_freep) int *numbers = lade_calloc(2 * ops + 3 * buffers, sizeof *numbers);
    if (!s->buffers || !numbers)
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for the plan of a batch");
    m.needed = numbers;
    m.gradients = m.needed + ops;
    m.users = m.gradients + ops;
    m.order = m.users + buffers;
    m.placed = m.order + buffers;
    place_outputs(&m);
    if (s->ops[s->op_count - 1].has_gradient)
        place_gradients(&m);
    sort_by_size(&m);
    for (int i = 0; i < s->buffer_count; i++)
        set_offset(&m, m.order[i], i);
    return LADE_OK;
}
