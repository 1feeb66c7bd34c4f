/* Checks that a list of oneDNN primitives that is full does not accept another primitive. */
#include "train/dnnl/impl.h"

#include <stdlib.h>

#include "support/check_main.h"

START_TEST(a_full_program_refuses_primitives) {
    struct lade__engine *e;
    struct lade__dnnl_layout *x;
    struct lade__kernel *k;
    const struct lade__extent extent = {.n = 2, .channels = 3};
    ck_assert_int_eq(lade__engine_new(&e, NULL), LADE_OK);
    ck_assert_int_eq(lade__dnnl_layout_new(&extent, &x, NULL), LADE_OK);
    ck_assert_int_eq(lade__reorder_kernel(e, x, NULL, LADE__INFERENCE, &k, NULL), LADE_OK);
    description_ref desc = DESCRIPTION_REF(x->d);
    for (int i = k->forward.count; i < LADE__DNNL_PRIMITIVES; i++)
        ck_assert_int_eq(lade__dnnl_add_reorder(k, &k->forward, desc, LADE__X, desc, LADE__Y, 0), dnnl_success);
    ck_assert_int_eq(lade__dnnl_add_reorder(k, &k->forward, desc, LADE__X, desc, LADE__Y, 0), dnnl_runtime_error);
    dnnl_primitive_desc_t pd;
    ck_assert_int_eq(lade__dnnl_eltwise(&pd, e->engine, e->attributes, dnnl_forward_inference, dnnl_eltwise_tanh, desc),
                     dnnl_success);
    ck_assert_int_eq(lade__dnnl_add(k, &k->forward, pd,
                                    (struct lade__dnnl_binding[]){{DNNL_ARG_SRC, LADE__X, false, desc},
                                                                  {DNNL_ARG_DST, LADE__Y, true, desc},
                                                                  {0}}),
                     dnnl_runtime_error);
    ck_assert_int_eq(k->forward.count, LADE__DNNL_PRIMITIVES);
    lade__kernel_free(k);
    lade__dnnl_layout_free(x);
    lade__engine_free(e);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "dnnl");
    tcase_add_test(tcase, a_full_program_refuses_primitives);
}
