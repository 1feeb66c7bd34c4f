/*
 * Tests of tensors that are exported as DLPack structs. struct versioned_of_dlpack_1 is a copy of
 * DLManagedTensorVersioned in the specification of DLPack 1.0. The tests use this copy to check the definition in lade.
 */
#include <lade/tensor.h>

#include <unistd.h>

#include "support/check_main.h"

struct versioned_of_dlpack_1 {
    struct {
        uint32_t major, minor;
    } version;
    void *manager_ctx;
    void (*deleter)(struct versioned_of_dlpack_1 *self);
    uint64_t flags; /* bit 0: read-only */
    DLTensor dl_tensor;
};

#define SHAPE(...)                                                         \
    (int)(sizeof(int64_t[]){__VA_ARGS__} / sizeof(int64_t)), (int64_t[]) { \
        __VA_ARGS__                                                        \
    }

static struct versioned_of_dlpack_1 *versioned(struct lade_tensor *t) {
    return (struct versioned_of_dlpack_1 *)(void *)lade_tensor_to_dlpack_versioned(t);
}

static void count_release(void *ctx) {
    ++*(int *)ctx;
}

START_TEST(the_memory_exists_until_the_deleter_is_called) {
    int data[4] = {1, 2, 3, 4}, released = 0;
    struct lade_tensor *t = lade_tensor_wrap(data, LADE_INT32, SHAPE(2, 2), count_release, &released);
    DLManagedTensor *managed = lade_tensor_to_dlpack(t);
    struct versioned_of_dlpack_1 *v = versioned(t);
    lade_tensor_unref(t);
    ck_assert_ptr_eq(managed->dl_tensor.data, data);
    ck_assert_int_eq(managed->dl_tensor.ndim, 2);
    ck_assert_int_eq(managed->dl_tensor.shape[0] * managed->dl_tensor.shape[1], 4);
    ck_assert_int_eq(managed->dl_tensor.dtype.bits, 32);
    ck_assert_ptr_null(managed->dl_tensor.strides);
    managed->deleter(managed);
    ck_assert_int_eq(released, 0);
    ck_assert_ptr_eq(v->dl_tensor.data, data);
    v->deleter(v);
    ck_assert_int_eq(released, 1);
}
END_TEST

START_TEST(the_versioned_struct_has_version_flags_and_strides) {
    struct lade_tensor *t = lade_tensor_new(LADE_FLOAT32, SHAPE(2, 3, 4));
    struct versioned_of_dlpack_1 *v = versioned(t);
    ck_assert_uint_eq(v->version.major, 1);
    ck_assert_uint_eq(v->version.minor, 0);
    ck_assert_uint_eq(v->flags, 0);
    ck_assert_int_eq(v->dl_tensor.device.device_type, kDLCPU);
    ck_assert_int_eq(v->dl_tensor.strides[0], 12);
    ck_assert_int_eq(v->dl_tensor.strides[1], 4);
    ck_assert_int_eq(v->dl_tensor.strides[2], 1);
    ck_assert_uint_eq(v->dl_tensor.byte_offset, 0);
    v->deleter(v);
    lade_tensor_unref(t);
}
END_TEST

START_TEST(a_tensor_without_dimensions_has_one_element) {
    struct lade_tensor *t = lade_tensor_new(LADE_FLOAT64, 0, NULL);
    struct versioned_of_dlpack_1 *v = versioned(t);
    ck_assert_int_eq(v->dl_tensor.ndim, 0);
    ck_assert_ptr_eq(v->dl_tensor.data, lade_tensor_data(t));
    v->deleter(v);
    lade_tensor_unref(t);
}
END_TEST

START_TEST(a_tensor_without_elements_has_its_shape) {
    struct lade_tensor *t = lade_tensor_new(LADE_FLOAT32, SHAPE(0, 224, 224, 3));
    DLManagedTensor *managed = lade_tensor_to_dlpack(t);
    struct versioned_of_dlpack_1 *v = versioned(t);
    const DLTensor *both[] = {&managed->dl_tensor, &v->dl_tensor};
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(both[i]->ndim, 4);
        ck_assert_int_eq(both[i]->shape[0], 0);
        ck_assert_int_eq(both[i]->shape[1], 224);
        ck_assert_int_eq(both[i]->shape[3], 3);
        ck_assert_ptr_null(both[i]->data);
    }
    ck_assert_int_eq(v->dl_tensor.strides[0], 224 * 224 * 3);
    ck_assert_int_eq(v->dl_tensor.strides[3], 1);
    managed->deleter(managed);
    v->deleter(v);
    lade_tensor_unref(t);

    t = lade_tensor_new(LADE_UINT8, SHAPE(INT64_C(1) << 40, INT64_C(1) << 40, 0)); /* the strides would overflow
                                                                                      int64_t */
    v = versioned(t);
    ck_assert_int_eq(v->dl_tensor.shape[0], INT64_C(1) << 40);
    v->deleter(v);
    lade_tensor_unref(t);
}
END_TEST

START_TEST(mapped_files_and_their_views_are_read_only) {
    char path[] = "/tmp/lade-test-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    struct lade_tensor *t = lade_tensor_new(LADE_INT16, SHAPE(3, 2));
    ck_assert_int_eq(lade_tensor_write_npy(t, path, NULL), LADE_OK);
    lade_tensor_unref(t);
    struct lade_tensor *map = lade_tensor_map_npy(path, NULL), *view = lade_tensor_reshape(map, SHAPE(6));
    ck_assert(map->read_only && view->read_only);
    struct versioned_of_dlpack_1 *v = versioned(view);
    ck_assert_uint_eq(v->flags, 1);
    lade_tensor_unref(map);
    lade_tensor_unref(view);
    ck_assert_int_eq(((const int16_t *)v->dl_tensor.data)[5], 0);
    v->deleter(v);
    close(fd);
    unlink(path);
}
END_TEST

START_TEST(a_program_can_make_its_tensor_read_only) {
    static const float data[2] = {1, 2};
    struct lade_tensor *t = lade_tensor_wrap((void *)(uintptr_t)data, LADE_FLOAT32, SHAPE(2), NULL, NULL);
    t->read_only = true;
    struct versioned_of_dlpack_1 *v = versioned(t);
    ck_assert_uint_eq(v->flags, 1);
    v->deleter(v);
    lade_tensor_unref(t);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "dlpack");
    tcase_add_test(tcase, the_memory_exists_until_the_deleter_is_called);
    tcase_add_test(tcase, the_versioned_struct_has_version_flags_and_strides);
    tcase_add_test(tcase, a_tensor_without_dimensions_has_one_element);
    tcase_add_test(tcase, a_tensor_without_elements_has_its_shape);
    tcase_add_test(tcase, mapped_files_and_their_views_are_read_only);
    tcase_add_test(tcase, a_program_can_make_its_tensor_read_only);
}
