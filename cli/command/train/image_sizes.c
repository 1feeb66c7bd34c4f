/*
 * Chooses a target size from the headers of some images. No image is decoded, so this takes only milliseconds. The
 * median ignores a few images of unusual size.
 */
#include "command/train/image_sizes.h"

#include <stdlib.h>

#include "command/scan/image_file.h"

enum {
    MOST_IMAGES = 256,
    SMALLEST = 16,
    LARGEST = 224, /* the size that most nets for photographs use */
    FINE = 64,
    STEP = 32 /* above FINE pixels, the target size is a multiple of STEP */
};

static int compare(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

/* Returns the target size for images whose shorter side has @side pixels. The target is not larger than the images,
   except for images of less than 16 pixels. */
static int target_of(int side) {
    side = side > LARGEST ? LARGEST : side < SMALLEST ? SMALLEST : side;
    return side > FINE ? side / STEP * STEP : side;
}

/* Sets the result for an array, whose images have equal sizes. */
static void read_array(const struct source *source, struct image_sizes *sizes) {
    struct lade_tensor *x = lade_tensor_map_npy(source->path, NULL);
    if (x && x->dl.ndim >= 3) {
        const int64_t *shape = x->shape;
        sizes->count = 1;
        sizes->shorter_side = (int)(shape[1] < shape[2] ? shape[1] : shape[2]);
        sizes->has_colours = x->dl.ndim > 3 && shape[3] >= 3;
    }
    lade_tensor_unref(x);
}

struct image_sizes image_sizes_read(const struct source *source, const lade_flow *flow) {
    int64_t samples = lade_flow_samples(flow), wanted = samples < MOST_IMAGES ? samples : MOST_IMAGES;
    struct image_sizes sizes = {0};
    int sides[MOST_IMAGES];
    for (int64_t i = 0; i < wanted; i++) {
        struct image_file file;
        char *path = source_file(source, flow, i * samples / wanted);
        if (path && image_file_header(path, &file) == FILE_OK) {
            sides[sizes.count++] = file.info.width < file.info.height ? file.info.width : file.info.height;
            sizes.has_colours = sizes.has_colours || file.info.channels >= 3;
        }
        free(path);
        if (!path) {
            read_array(source, &sizes);
            break;
        }
    }
    if (sizes.count > 0 && sizes.shorter_side == 0) {
        qsort(sides, (size_t)sizes.count, sizeof *sides, compare);
        sizes.shorter_side = sides[sizes.count / 2];
    }
    if (sizes.count > 0)
        sizes.target = target_of(sizes.shorter_side);
    return sizes;
}
