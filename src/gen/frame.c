/*
 * Allocates and frees the frames of generators. Frames are small and have only few sizes, and many frames are freed
 * soon after they were made. So each thread keeps some free frames of each size and uses them again. This halves the
 * total time of a generator that yields only few items. Under a sanitizer, every frame is allocated and freed with the
 * allocator, so that the sanitizer finds a use after free.
 */
#include "gen/frame.h"
#include "gen/sanitize.h"
#include "gen/stack/valgrind.h"

enum { KEEPS = 32 }; /* free frames of each size that a thread keeps */

static void thread_flush(struct lade__thread *thread) {
    for (size_t class = 0; class < LADE__FRAME_CLASSES; class ++) {
        struct lade__free_frames *kept = &thread->frames[class];
        for (void **frame; (frame = kept->first);) {
            kept->first = *frame;
            lade_free(frame);
        }
        kept->room = 0;
    }
}

static const struct lade__thread_user user = {.flush = thread_flush};

/* lade__frame_give() calls this function in three cases: the frame is too large to be kept, the thread has not kept a
   frame of this size yet, or the thread already keeps KEEPS frames of this size. */
static __attribute__((noinline)) void give_back(void *frame, size_t bytes) {
    size_t class = lade__frame_class(bytes);
    if (class < LADE__FRAME_CLASSES && !lade__thread.frames[class].first && !lade__sanitizer_present() &&
        !RUNNING_ON_VALGRIND && !lade__thread_register(LADE__USER_FRAMES, &user)) {
        lade__thread.frames[class].room = KEEPS;
        lade__frame_give(frame, bytes);
    } else {
        lade_free(frame);
    }
}

void lade__frame_give(void *frame, size_t bytes) {
    size_t class = lade__frame_class(bytes);
    if (__builtin_expect(class < LADE__FRAME_CLASSES, 1)) {
        struct lade__free_frames *kept = &lade__thread.frames[class];
        if (__builtin_expect(kept->room, 1)) {
            *(void **)frame = kept->first;
            kept->first = frame;
            kept->room--;
            return;
        }
    }
    give_back(frame, bytes);
}
