/*
 * Memory for the frames of generators. See frame.c.
 */
#ifndef LADE_GEN_FRAME_H
#define LADE_GEN_FRAME_H

#include "gen/stack.h"

#include <stddef.h>

enum {
    LADE__FRAME_STEP = 64,
    LADE__FRAME_CLASSES = 8 /* up to 512 bytes; larger frames are the allocator's */
};

/* Of each size: those that this thread keeps, and how many more it may. No frame and no room: not asked yet if any may.
 */
struct lade__free_frames {
    void **first; /* each holds the next one */
    unsigned room;
};
extern _Thread_local __attribute__((tls_model("initial-exec"),
                                    visibility("hidden"))) struct lade__free_frames lade__frames[LADE__FRAME_CLASSES];

static inline size_t lade__frame_class(size_t bytes) {
    return (bytes - 1) / LADE__FRAME_STEP;
}

/* Room for a frame, not cleared; NULL where there is no memory. For functions that are thread-bound themselves. */
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

/* Give it back, on whatever thread, with the size it was taken by. */
LADE__THREAD_BOUND void lade__frame_give(void *frame, size_t bytes);

/* Return what this thread keeps to the allocator. */
void lade__frames_flush(void);

#endif
