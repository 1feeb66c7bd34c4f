/*
 * lade/train/parameter.h - reads and changes the parameters of a net by name. lade/train.h includes this header.
 *
 *     const struct lade_parameter_info *p;
 *     for (int i = 0; (p = lade_net_parameter_info(net, i)); i++) {
 *         struct lade_tensor *values = lade_tensor_new(LADE_FLOAT32, p->ndim, p->shape);
 *         lade_net_get_parameter(net, p->name, values, &err);
 *         ...
 *         lade_tensor_unref(values);
 *     }
 */
#ifndef LADE_TRAIN_PARAMETER_H
#define LADE_TRAIN_PARAMETER_H

#include <stdbool.h>

#include <lade/base.h>
#include <lade/tensor.h>
#include <lade/train/net.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A parameter of a net. Names and shapes are the same as in PyTorch; lade_net_save() describes both. If the input of a
 * dense layer is an image, the order of the inputs depends on the net: (C, H, W) as in PyTorch if channels_first is
 * true, otherwise (H, W, C).
 */
struct lade_parameter_info {
    const char *name; /* for example "0.weight"; belongs to the net */
    int ndim;
    int64_t shape[LADE_MAX_DIMS];
    int64_t count;  /* number of values, the product of the sizes in `shape` */
    bool is_buffer; /* true for running_mean and running_var. These values are changed by the layer and not by the
                       optimizer, and have no gradient */
};

/*
 * lade_net_parameter_info() - returns the description of parameter @i, counted from 0 in the order of the layers, or
 * NULL if the net has no such parameter. The struct belongs to the net.
 */
LADE_API const struct lade_parameter_info *lade_net_parameter_info(const lade_net *net, int i);

/*
 * lade_net_get_parameter() - copies the values of a parameter to @out.
 * lade_net_set_parameter() - replaces the values of a parameter by @values.
 *
 * The program may also call these functions during training, between the steps of a lade_trainer and between the items
 * of lade_fit(). The next checkpoint contains the change. A run that is resumed from an earlier checkpoint does not
 * have the change. NaN and infinity are allowed, but the next step, prediction or evaluation then fails with
 * LADE_ENUMERIC.
 *
 * @name   the name of a parameter or buffer
 * @out    a float32 tensor with the shape of the parameter, for the result   (memory of the caller). lade_tensor_wrap()
 *         makes a tensor from an array of floats
 * @values a float32 tensor with the shape of the parameter   (borrowed for the call)
 *
 * Return LADE_OK, or with @err, whose subject is @name: LADE_ENOENT (no such parameter), LADE_EINVAL (the shape or type
 * of the tensor is different). Must not run at the same time as another function for the net. Cost: one copy, because
 * the net stores its values in the same layout. PyTorch: net.get_parameter(name), net.state_dict().
 */
LADE_API int lade_net_get_parameter(const lade_net *net, const char *name, struct lade_tensor *out,
                                    struct lade_error *err);
LADE_API int lade_net_set_parameter(lade_net *net, const char *name, const struct lade_tensor *values,
                                    struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
