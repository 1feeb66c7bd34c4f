/*
 * Creates a new net or loads a saved net for the command "lade train".
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "command/train/train.h"
#include "evaluation/net.h"
#include "evaluation/preparation.h"
#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/text.h"

static bool ends_with(const char *s, const char *end) {
    size_t length = strlen(s), part = strlen(end);
    return length >= part && strcmp(s + length - part, end) == 0;
}

static lade_net *new_net(const struct train *t, const char *spec, struct lade_error *err) {
    struct lade_source source = lade_flow_source(t->flow);
    struct lade_net_options net = {.seed = t->stream.seed,
                                   .loss = t->training.loss,
                                   .threads = t->threads,
                                   .channels_first = t->stream.data_format == LADE_CHANNELS_FIRST};
    return lade_net_new(spec, source.sample_ndim, source.sample_shape, &net, err);
}

/* Sets the class names of a net. A net that predicts numbers has no names, because net_task() recognises such a net by
   the missing names. The columns of an array have no names, so their indices are used. A net file can only contain
   UTF-8, so each name is converted with text_escape(). */
static void set_names(const struct train *t, lade_net *net, struct lade_error *err) {
    bool binary = t->stream.class_mode == LADE_CLASS_BINARY;
    int classes = binary ? 2 : (int)lade_net_info(net)->outputs;
    const char *const *names = train_label_names(t);
    if (t->task == TASK_NUMBERS)
        return;
    char **written = text_alloc((size_t)classes, sizeof *written);
    for (int i = 0; i < classes; i++)
        written[i] = names ? text_escape(names[i]) : text_printf("%d", i);
    lade_net_set_class_names(net, (const char *const *)written, classes, err);
    for (int i = 0; i < classes; i++)
        free(written[i]);
    free(written);
}

/* Creates a net with the names of the classes. */
static lade_net *new_named_net(const struct train *t, const char *spec, struct lade_error *err) {
    int64_t outputs = lade_flow_source(t->flow).classes;
    lade_net *net = new_net(t, spec, err);
    if (!net)
        return NULL;
    if (lade_net_info(net)->outputs == outputs)
        set_names(t, net, err);
    else
        lade_error_set(err, LADE_EINVAL,
                       "net: the net has %" PRId64 " outputs for %s; the last layer must be \"dense %" PRId64 "\"",
                       lade_net_info(net)->outputs,
                       text_counted(t->stream.class_mode == LADE_CLASS_BINARY ? 2 : outputs,
                                    t->task == TASK_NUMBERS ? "number" : "class")
                           .s,
                       outputs);
    if (!err->code)
        return net;
    lade_net_free(net);
    return NULL;
}

/* Checks a loaded net. If --loss is given, it must be the loss with which the net was trained. The classes of the net
   must be the classes of the images, in the same order. */
static void check_net(const struct train *t, struct lade_error *err) {
    static const char *const tasks[] = {
        [TASK_CLASS] = "one class", [TASK_LABELS] = "several labels", [TASK_NUMBERS] = "numbers"};
    const char *const *data_names = train_label_names(t);
    char **names = net_class_names(t->net);
    int count = names && data_names ? net_class_count(t->net) : 0;
    if (net_task(t->net) != t->task)
        lade_error_set(err, LADE_EINVAL, "net: %s predicts %s for each image, but the images have %s", t->net_text,
                       tasks[net_task(t->net)], tasks[t->task]);
    else if (t->training.loss != LADE_LOSS_AUTO && t->training.loss != lade_net_info(t->net)->loss)
        lade_error_set(err, LADE_EINVAL, "net: %s was trained with a different loss; leave out --loss", t->net_text);
    for (int i = 0; i < count && data_names[i] && !err->code; i++)
        if (strcmp(names[i], data_names[i]) != 0)
            lade_error_set(err, LADE_EINVAL,
                           "net: class %d is \"%.100s\" in %s but \"%.100s\" in the images; use --classes to give "
                           "the order of the net's classes, or train a new net",
                           i, names[i], t->net_text, data_names[i]);
    net_names_free(names);
}

bool train_net_is_preset(const char *net) {
    return strcmp(net, "mlp") == 0 || strcmp(net, "cnn") == 0 || strcmp(net, "resnet") == 0;
}

/*
 * Returns true if @net is the path of a saved net. A text that ends in .safetensors is always a path. The names of
 * presets are never paths. Any other text is a path if a file with this name exists, and a specification otherwise.
 */
bool train_net_is_file(const char *net) {
    return ends_with(net, ".safetensors") || (!train_net_is_preset(net) && access(net, F_OK) == 0);
}

bool train_load_net(struct train *t, int *code) {
    *code = EXIT_OK;
    if (!train_net_is_file(t->net_text))
        return true;
    t->net = net_load(t->net_text, t->threads);
    *code = t->net ? net_prepare_stream(t->net, t->net_text, &t->stream) : EXIT_FAILED;
    return *code == EXIT_OK;
}

bool train_make_net(struct train *t, int *code) {
    struct lade_error err = {0};
    if (t->net) {
        check_net(t, &err);
    } else {
        int64_t outputs = lade_flow_source(t->flow).classes;
        char *spec = train_net_is_preset(t->net_text) ? text_printf("%s %" PRId64, t->net_text, outputs)
                                                      : text_printf("%s", t->net_text);
        t->net = new_named_net(t, spec, &err);
        free(spec);
        net_watch(t->net);
    }
    if (!err.code)
        return true;
    /* The message begins with "net: ", so it becomes a message about the option --net. */
    *code = err.code == LADE_EINVAL ? out_usage("--%s", err.message) : EXIT_FAILED;
    if (*code == EXIT_FAILED)
        out_error("%s", err.message);
    return false;
}
