/*
 * tensor/mapped.h - reads the elements of tensors that lade_tensor_map_npy() has made. If the mapped file becomes
 * shorter, access to the mapped memory raises SIGBUS. These functions read the file instead, so they return an error.
 *
 * These functions are not public. LADE_API exports them, because the library lade-data calls them.
 */
#ifndef LADE_SRC_TENSOR_MAPPED_H
#define LADE_SRC_TENSOR_MAPPED_H

#include <lade/tensor.h>

#include <stdbool.h>

/*
 * lade__tensor_owner()       - returns the tensor that owns the memory of @t. If lade_tensor_reshape() has made @t,
 *                              this is another tensor. Otherwise it is @t itself.
 * lade__tensor_is_mapped()   - returns true if the elements of @t are in a mapped file.
 * lade__tensor_read_mapped() - copies @size bytes, which begin @at bytes after the first element, to @to.
 *                              lade__tensor_is_mapped() must be true. Returns LADE_OK or LADE_EIO.
 *
 * Any thread.
 */
const struct lade_tensor *lade__tensor_owner(const struct lade_tensor *t);
LADE_API bool lade__tensor_is_mapped(const struct lade_tensor *t);
LADE_API int lade__tensor_read_mapped(const struct lade_tensor *t, size_t at, size_t size, void *to,
                                      struct lade_error *err);

/*
 * lade__tensor_in_memory() - returns a tensor that has the elements of @t and is not mapped. If @t is mapped, the
 *                            result is a copy of @t. Otherwise the result is @t with one more reference. On error,
 *                            returns NULL and fills @err with LADE_EIO or LADE_ENOMEM. Any thread.
 */
LADE_API struct lade_tensor *lade__tensor_in_memory(struct lade_tensor *t, struct lade_error *err);

#endif
