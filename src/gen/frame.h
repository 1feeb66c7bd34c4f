/*
 * Allocates and frees the frames of generators. See frame.c.
 */
#ifndef LADE_GEN_FRAME_H
#define LADE_GEN_FRAME_H

#include "gen/stack.h"

#include <stddef.h>

enum {
    LADE__FRAME_STEP = 64,
    LADE__FRAME_CLASSES = 8 /* frames up to 512 bytes; larger ones come from the allocator */
};

/* The free frames of one size that this thread keeps. If both fields are 0, the thread has not kept a frame of this
   size yet. */
struct lade__free_frames {
    void **first;  /* each free frame contains a pointer to the next free frame */
    unsigned room; /* number of frames that may be added */
};
extern _Thread_local __attribute__((tls_model("initial-exec"),
                                    visibility("hidden"))) struct lade__free_frames lade__frames[LADE__FRAME_CLASSES];

static inline size_t lade__frame_class(size_t bytes) {
    return (bytes - 1) / LADE__FRAME_STEP;
}

/* Returns memory for a frame, which is not cleared, or NULL. Only functions that are LADE__THREAD_BOUND may call it. */
static inline void *lade__frame_take(size_t bytes) {
    size_t class = lade__frame_class(bytes);
    if (__builtin_expect(class >= LADE__FRAME_CLASSES, 0))
        return lade_alloc(bytes);
    struct lade__free_frames *kept = &lade__frames[class];
    void **frame = kept->first;
    if (__builtin_expect(!frame, 0))
        return lade_alloc((class + 1) * LADE__FRAME_STEP);
    kept->first = *frame;
    kept->room++;
    return frame;
}

/* Frees a frame. `bytes` is the size that was passed to lade__frame_take(). Any thread. */
LADE__THREAD_BOUND void lade__frame_give(void *frame, size_t bytes);

/* Passes the free frames of this thread to lade_free(). */
void lade__frames_flush(void);

#endif
