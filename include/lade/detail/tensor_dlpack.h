/*
 * lade/detail/tensor_dlpack.h - declares the types of DLPack 1.0 (https://github.com/dmlc/dlpack), so that lade needs
 *                               no other header.
 *
 * A program may also include the header of the DLPack project, before or after this header. Both headers have the same
 * include guard, so the header that is included second declares nothing. If an old version of DLPack's header is
 * included first, this header declares only the types that the old version does not have.
 */
#ifndef LADE_DETAIL_TENSOR_DLPACK_H
#define LADE_DETAIL_TENSOR_DLPACK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The include guard of the DLPack project.
 */
#ifndef DLPACK_DLPACK_H_
#define DLPACK_DLPACK_H_ 1

/*
 * The version of DLPack whose types are declared here.
 */
#define DLPACK_MAJOR_VERSION 1
#define DLPACK_MINOR_VERSION 0

/*
 * The kind of memory. The arrays of lade are in the memory of the CPU.
 */
typedef enum {
    kDLCPU = 1,
    kDLCUDA = 2,
    kDLCUDAHost = 3,
    kDLOpenCL = 4,
    kDLVulkan = 7,
    kDLMetal = 8,
    kDLVPI = 9,
    kDLROCM = 10,
    kDLROCMHost = 11,
    kDLExtDev = 12,
    kDLCUDAManaged = 13,
    kDLOneAPI = 14,
    kDLWebGPU = 15,
    kDLHexagon = 16,
    kDLMAIA = 17
} DLDeviceType;

/*
 * A device: its kind and its number.
 */
typedef struct {
    DLDeviceType device_type;
    int32_t device_id;
} DLDevice;

/*
 * The kind of numbers in an array.
 */
typedef enum {
    kDLInt = 0,
    kDLUInt = 1,
    kDLFloat = 2,
    kDLOpaqueHandle = 3,
    kDLBfloat = 4,
    kDLComplex = 5,
    kDLBool = 6
} DLDataTypeCode;

/*
 * The type of an element. @lanes is 1 except for elements that are vectors.
 */
typedef struct {
    uint8_t code; /* a DLDataTypeCode */
    uint8_t bits;
    uint16_t lanes;
} DLDataType;

/*
 * The description of an array. The struct does not own the memory of the array.
 */
typedef struct {
    void *data;
    DLDevice device;
    int32_t ndim;
    DLDataType dtype;
    int64_t *shape;
    int64_t *strides; /* in elements; NULL means that the array is compact and row-major */
    uint64_t byte_offset;
} DLTensor;

/*
 * An array, and the function that releases it. The consumer of the array calls @deleter once.
 */
typedef struct DLManagedTensor {
    DLTensor dl_tensor;
    void *manager_ctx;
    void (*deleter)(struct DLManagedTensor *self);
} DLManagedTensor;
#endif

/*
 * Flags of a DLManagedTensorVersioned. Headers of DLPack before version 1.0 do not have the following declarations.
 */
#ifndef DLPACK_FLAG_BITMASK_READ_ONLY
#define DLPACK_FLAG_BITMASK_READ_ONLY (1UL << 0UL)
#define DLPACK_FLAG_BITMASK_IS_COPIED (1UL << 1UL)

/*
 * The version of DLPack that a producer uses.
 */
typedef struct {
    uint32_t major;
    uint32_t minor;
} DLPackVersion;

/*
 * A DLManagedTensor with a version and flags. A consumer that does not support the major version must only call
 * @deleter.
 */
typedef struct DLManagedTensorVersioned {
    DLPackVersion version;
    void *manager_ctx;
    void (*deleter)(struct DLManagedTensorVersioned *self);
    uint64_t flags;
    DLTensor dl_tensor;
} DLManagedTensorVersioned;
#endif

#ifdef __cplusplus
}
#endif

#endif
