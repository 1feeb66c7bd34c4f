/*
 * predict_image.h - prints the predictions of one image, as text, JSON and CSV.
 */
#ifndef LADE_CLI_COMMAND_PREDICT_IMAGE_H
#define LADE_CLI_COMMAND_PREDICT_IMAGE_H

#include <stdbool.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "evaluation/net.h"
#include "terminal/output_file.h"

struct predict {
    const char *net_path, *const *paths, *csv_path;
    int top, threads;
    bool json;
    struct lade_flow_options stream;

    enum net_task task;
    lade_net *net;
    lade_flow *flow;
    char **names;
    int classes, name_width; /* classes: number of names */
    int *order;              /* array of `top` classes, which are the most probable classes of one image */
    struct output_file csv;
    int64_t images;
    double seconds;
};

/*
 * predict_name_outputs() - finds the task of the net, and sets the names of the classes. If p->top is larger than the
 *                          number of classes, sets p->top to this number.
 * predict_open_csv()     - opens the file of --csv and writes its header. On error, prints a message and returns false.
 * predict_print()        - prints the outputs of the net for the image @path to stdout
 * predict_write_csv()    - writes the outputs to the file of --csv
 */
void predict_name_outputs(struct predict *p);
bool predict_open_csv(struct predict *p);
void predict_print(struct predict *p, const char *path, const float *outputs);
void predict_write_csv(struct predict *p, const char *path, const float *outputs);

#endif
