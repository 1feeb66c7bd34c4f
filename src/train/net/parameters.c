/*
 * train/net/parameters.c - describes the parameters of a net, and copies their values by name. All values are stored in
 * PyTorch's layout, so a copy needs no conversion. A kernel converts its parameters when it runs.
 */
#include <string.h>

#include "base/text.h"
#include "train/net/net.h"
#include "train/net/vector.h"

int lade__net_name_parameters(lade_net *net, struct lade_error *err) {
    const struct lade__spec *s = &net->spec;
    net->named = lade_calloc((size_t)s->parameter_count, sizeof *net->named);
    if (!net->named)
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for the names of the parameters");
    for (int i = 0; i < s->parameter_count; i++) {
        const struct lade__parameter *p = &s->parameters[i];
        struct lade__named_parameter *named = &net->named[i];
        named->info = (struct lade_parameter_info){.name = lade__parameter_name(p, named->name),
                                                   .ndim = p->shape.ndim,
                                                   .count = lade__shape_count(&p->shape),
                                                   .is_buffer = p->is_buffer};
        memcpy(named->info.shape, p->shape.size, sizeof named->info.shape);
    }
    return LADE_OK;
}

const struct lade_parameter_info *lade_net_parameter_info(const lade_net *net, int i) {
    return i >= 0 && i < net->spec.parameter_count ? &net->named[i].info : NULL;
}

static int check_tensor(const struct lade__parameter *p, const char *name, const struct lade_tensor *t,
                        struct lade_error *err) {
    char have[LADE__SHAPE_TEXT], want[LADE__SHAPE_TEXT];
    struct lade__shape given = lade__shape_of(t->dl.ndim, t->shape);
    if (t->dtype != LADE_FLOAT32)
        return lade_error_set_subject(err, LADE_EINVAL, name, "%s: the tensor is %s; it must be float32", name,
                                      lade_dtype_name(t->dtype));
    if (!lade__shape_equal(&given, &p->shape))
        return lade_error_set_subject(err, LADE_EINVAL, name, "%s: the shape of the tensor is %s; it must be %s", name,
                                      lade__shape_text(&given, have), lade__shape_text(&p->shape, want));
    return LADE_OK;
}

int lade__net_find_parameter(const lade_net *net, const char *name, const struct lade_tensor *t,
                             const struct lade__parameter **out, struct lade_error *err) {
    char quoted[LADE__QUOTED];
    *out = NULL;
    for (int i = 0; i < net->spec.parameter_count; i++)
        if (strcmp(net->named[i].name, name) == 0) {
            *out = &net->spec.parameters[i];
            return check_tensor(*out, name, t, err);
        }
    return lade_error_set_subject(err, LADE_ENOENT, name,
                                  "the net has no parameter \"%s\"; lade_net_parameter_info() lists the names",
                                  lade__quote(name, strlen(name), quoted));
}

int lade__net_check_finite(lade_net *net, struct lade_error *err) {
    for (int i = 0; i < net->spec.parameter_count && !net->finite; i++) {
        const struct lade__parameter *p = &net->spec.parameters[i];
        const char *name = net->named[i].name;
        if (!lade__all_finite(net->values + p->offset, (size_t)lade__shape_count(&p->shape)))
            return lade_error_set_subject(err, LADE_ENUMERIC, name,
                                          "parameter \"%s\" contains a number that is not finite (NaN or infinity), so "
                                          "the net cannot be used",
                                          name);
    }
    net->finite = true;
    return LADE_OK;
}

int lade_net_get_parameter(const lade_net *net, const char *name, struct lade_tensor *out, struct lade_error *err) {
    const struct lade__parameter *p = NULL;
    int status = lade__net_find_parameter(net, name, out, &p, err);
    if (status == LADE_OK)
        memcpy(lade_tensor_data(out), net->values + p->offset, lade_tensor_bytes(out));
    return status;
}

int lade_net_set_parameter(lade_net *net, const char *name, const struct lade_tensor *values, struct lade_error *err) {
    const struct lade__parameter *p = NULL;
    int status = lade__net_find_parameter(net, name, values, &p, err);
    if (status == LADE_OK)
        memcpy(net->values + p->offset, lade_tensor_data(values), lade_tensor_bytes(values));
    net->finite = false;
    return status;
}
