/*
 * Frames are small, of few sizes, and often made and freed right away: each thread keeps some of each size. That is
 * half of what a short generator costs otherwise. Under a sanitizer every frame comes from the allocator, so that a use
 * after free is seen.
 */
#include "gen/frame.h"
#include "gen/sanitize.h"
#include "gen/stack.h"

enum {
    STEP = 64,
    CLASSES = 8, /* up to 512 bytes; larger frames are the allocator's */
    KEEPS = 32   /* of each size */
};

struct free_frame {
    struct free_frame *next;
};

static _Thread_local __attribute__((tls_model("initial-exec"))) struct {
    struct {
        struct free_frame *first;
        unsigned count;
    } of[CLASSES];
    enum { UNKNOWN, YES, NO } keeps; /* may this thread keep frames? */
} kept;

static size_t class_of(size_t bytes) {
    return (bytes - 1) / STEP;
}

static int may_keep(void) {
    if (kept.keeps == UNKNOWN)
        kept.keeps = lade__sanitizer_present() || lade__thread_will_flush() ? NO : YES;
    return kept.keeps == YES;
}

void *lade__frame_take(size_t bytes) {
    size_t class = class_of(bytes);
    if (class >= CLASSES)
        return lade_alloc(bytes);
    struct free_frame *frame = kept.of[class].first;
    if (!frame)
        return lade_alloc((class + 1) * STEP);
    kept.of[class].first = frame->next;
    kept.of[class].count--;
    return frame;
}

void lade__frame_give(void *frame, size_t bytes) {
    size_t class = class_of(bytes);
    if (class >= CLASSES || kept.of[class].count >= KEEPS || !may_keep()) {
        lade_free(frame);
        return;
    }
    ((struct free_frame *)frame)->next = kept.of[class].first;
    kept.of[class].first = frame;
    kept.of[class].count++;
}

void lade__frames_flush(void) {
    for (size_t class = 0; class < CLASSES; class ++) {
        for (struct free_frame *frame; (frame = kept.of[class].first);) {
            kept.of[class].first = frame->next;
            lade_free(frame);
        }
        kept.of[class].count = 0;
    }
    kept.keeps = UNKNOWN;
}
