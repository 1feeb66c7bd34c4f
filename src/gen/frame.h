/*
 * Allocates and frees the frames of generators. See frame.c.
 */
#ifndef LADE_GEN_FRAME_H
#define LADE_GEN_FRAME_H

#include "gen/stack/thread.h"

#include <lade/base.h>

/* The sizes of frames are rounded up to multiples of this number of bytes. A thread keeps free frames of up to 512
   bytes. */
enum { LADE__FRAME_STEP = 64 };

static inline size_t lade__frame_class(size_t bytes) {
    return (bytes - 1) / LADE__FRAME_STEP;
}

/* Returns uninitialised memory for a frame, or NULL if there is no memory. Only functions that are marked
   LADE__THREAD_BOUND may call this function. */
static inline void *lade__frame_take(size_t bytes) {
    size_t class = lade__frame_class(bytes);
    if (__builtin_expect(class >= LADE__FRAME_CLASSES, 0))
        return lade_alloc(bytes);
    struct lade__free_frames *kept = &lade__thread.frames[class];
    void **frame = kept->first;
    if (__builtin_expect(!frame, 0))
        return lade_alloc((class + 1) * LADE__FRAME_STEP);
    kept->first = *frame;
    kept->room++;
    return frame;
}

/* Frees a frame. `bytes` is the size that was passed to lade__frame_take(). Any thread. */
LADE__THREAD_BOUND void lade__frame_give(void *frame, size_t bytes);

#endif
