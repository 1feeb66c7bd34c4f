/*
 * Memory for the frames of generators. See frame.c.
 */
#ifndef LADE_GEN_FRAME_H
#define LADE_GEN_FRAME_H

#include "gen/stack.h"

#include <stddef.h>

/* Room for a frame, not cleared; NULL where there is no memory. */
LADE__THREAD_BOUND void *lade__frame_take(size_t bytes);

/* Give it back, on whatever thread, with the size it was taken by. */
LADE__THREAD_BOUND void lade__frame_give(void *frame, size_t bytes);

/* Return what this thread keeps to the allocator. */
void lade__frames_flush(void);

#endif
