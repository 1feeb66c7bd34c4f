/*
 * Draws samples. The images are streamed a second time as uint8, because the samples of a net may be rescaled and
 * standardised.
 */
#include "evaluation/sample_sheet.h"

#include <stdlib.h>

#include "option/stream.h"
#include "report/stream_report.h"
#include "terminal/module.h"

/* Stores in batches[i] a batch that contains only the sample number samples[i]. On error, prints a message and returns
   false. */
static bool get_pixels(lade_flow *pixels, const char *source, const struct lade_flow_options *stream,
                       const int64_t *samples, int count, struct lade_batch **batches) {
    struct lade_error err = {0};
    for (int i = 0; i < count; i++)
        if (lade_flow_batch(pixels, 0, samples[i], &batches[i], &err) < 0) {
            stream_print_error(&err, source, stream);
            return false;
        }
    return true;
}

static bool draw(lade_flow *pixels, struct sheet *sheet, struct sheet_image *images, const int64_t *samples,
                 struct lade_batch **batches, const char *path) {
    char *files[SAMPLES_DRAWN];
    int64_t shape[3];
    lade_flow_sample_shape(pixels, shape);
    for (int i = 0; i < sheet->count; i++) {
        images[i].after = lade_tensor_data(batches[i]->x);
        images[i].file = files[i] = stream_path(pixels, samples[i]);
    }
    sheet->images = images;
    sheet->height = (int)shape[0];
    sheet->width = (int)shape[1];
    sheet->channels = (int)shape[2];
    bool written = module_call("draw", sheet_draw, sheet, path);
    for (int i = 0; i < sheet->count; i++)
        free(files[i]);
    return written;
}

bool sample_sheet_draw(const struct source *source, const struct lade_flow_options *stream, struct sheet *sheet,
                       struct sheet_image *images, const int64_t *samples, const char *path) {
    struct lade_flow_options options = stream_as_pixels(*stream);
    options.batch_size = 1; /* each step has one sample, so that batch i is sample i */
    options.workers = 1;
    options.on_error = LADE_ERROR_FAIL;
    int code;
    lade_flow *pixels = source_open(source, &options, &code);
    if (!pixels)
        return false;
    struct lade_batch *batches[SAMPLES_DRAWN] = {0};
    bool drawn = get_pixels(pixels, source->path, stream, samples, sheet->count, batches) &&
                 draw(pixels, sheet, images, samples, batches, path);
    for (int i = 0; i < sheet->count; i++)
        lade_batch_unref(batches[i]);
    source_close(pixels);
    return drawn;
}
