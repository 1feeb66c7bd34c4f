/*
 * image/codec/png/memory.h - manages the memory of libspng. libspng passes no context argument to its allocation
 * functions, so the state is thread-local. A thread decodes one image at a time.
 */
#ifndef LADE_SRC_IMAGE_CODEC_PNG_MEMORY_H
#define LADE_SRC_IMAGE_CODEC_PNG_MEMORY_H

#include <lade/base.h>

#include <spng.h>

/*
 * lade__png_memory_start()  - returns the allocation functions for a new context of libspng.
 * lade__png_memory_failed() - returns true if an allocation has failed since lade__png_memory_start().
 * lade__png_memory_free()   - frees the context and all its memory.
 */
struct spng_alloc lade__png_memory_start(void);
bool lade__png_memory_failed(void);
void lade__png_memory_free(spng_ctx *spng);

#endif
