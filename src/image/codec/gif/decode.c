/*
 * Decodes the first image of a GIF by giflib, and draws the image on the canvas of the GIF. As in Pillow, the canvas is
 * enlarged if the image does not fit into the canvas. The pixels around the image are transparent if the image has a
 * transparent colour. Otherwise these pixels have colour 0 of the palette.
 */
#include "image/codec/gif/header.h"
#include "image/color/palette.h"

#include <string.h>

static bool is_gif(const uint8_t *bytes, size_t n) {
    return n >= 6 && (!memcmp(bytes, "GIF87a", 6) || !memcmp(bytes, "GIF89a", 6));
}

#if LADE_WITH_GIF
#include <gif_lib.h>

struct gif {
    struct lade__buffer row;   /* palette indices of a row of the canvas */
    struct lade__buffer frame; /* the whole image if it is interlaced, because row 1 is stored late in the file */
};

/* The state of decoding one image. */
struct run {
    struct gif *kept;
    struct lade__decode_job *job;
    struct lade_error *err;
    GifFileType *gif;
    size_t at; /* number of bytes that giflib has read */
    int transparent;
    enum lade__pixel_layout layout;
    struct lade__palette palette;
};

/* ---- Reading by giflib ------------------------------------------------------------------------------------------- */

/* Gives giflib the next bytes of the file. After the last byte of the file, giflib gets one more byte with the value 0,
   which ends the image data. giflib requires this byte after the last row, and reports an error if the byte comes
   before the last row is complete. */
static int read_bytes(GifFileType *gif, GifByteType *to, int count) {
    struct run *run = gif->UserData;
    size_t left = run->job->n - run->at;
    if (left == 0 && count == 1) {
        *to = 0;
        return 1;
    }
    size_t n = (size_t)count < left ? (size_t)count : left;
    memcpy(to, run->job->bytes + run->at, n);
    run->at += n;
    return (int)n;
}

static int failed(const struct run *run, int code) {
    const struct lade__decode_job *job = run->job;
    int rows = job->sink->y;
    if (code == D_GIF_ERR_NOT_ENOUGH_MEM)
        return lade_error_set(run->err, LADE_ENOMEM, "GIF: out of memory");
    if (run->at == job->n)
        return lade_error_set(run->err, LADE_EFORMAT, "GIF: truncated: the file ends at byte %zu, after %d of %d rows",
                              job->n, rows, job->info.height);
    const char *words = GifErrorString(code);
    return lade_error_set(run->err, LADE_EFORMAT, "GIF: damaged: %s (at byte %zu, after %d of %d rows)",
                          words ? words : "no image", run->at, rows, job->info.height);
}

static int read_extension(struct run *run) {
    int kind;
    GifByteType *block;
    int ok = DGifGetExtension(run->gif, &kind, &block);
    if (ok == GIF_OK && kind == GRAPHICS_EXT_FUNC_CODE && block && block[0] >= 4 && block[1] & 1)
        run->transparent = block[4];
    while (ok == GIF_OK && block)
        ok = DGifGetExtensionNext(run->gif, &block);
    return ok;
}

/* Reads the file up to the end of the descriptor of the first image. */
static int read_header(struct run *run) {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    int ok = GIF_OK;
    while (ok == GIF_OK && record != IMAGE_DESC_RECORD_TYPE) {
        ok = DGifGetRecordType(run->gif, &record);
        if (ok == GIF_OK && record == EXTENSION_RECORD_TYPE)
            ok = read_extension(run);
        else if (ok == GIF_OK && record == IMAGE_DESC_RECORD_TYPE)
            ok = DGifGetImageDesc(run->gif);
        else
            ok = GIF_ERROR;
    }
    return ok == GIF_OK ? LADE_OK : failed(run, run->gif->Error);
}

/* ---- Pixels ------------------------------------------------------------------------------------------------------ */

static void read_palette(struct run *run) {
    const ColorMapObject *map = run->gif->Image.ColorMap ? run->gif->Image.ColorMap : run->gif->SColorMap;
    lade__palette_init(&run->palette);
    for (int i = 0; map && i < map->ColorCount && i < 256; i++) {
        run->palette.rgba[i][0] = map->Colors[i].Red;
        run->palette.rgba[i][1] = map->Colors[i].Green;
        run->palette.rgba[i][2] = map->Colors[i].Blue;
    }
    if (run->transparent >= 0)
        run->palette.rgba[run->transparent][3] = 0;
    run->layout = run->transparent >= 0 && run->job->sink->color_mode == LADE_COLOR_RGBA ? LADE__RGBA : LADE__RGB;
}

static int read_interlaced(struct run *run) {
    static const int first[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
    const GifImageDesc *image = &run->gif->Image;
    uint8_t *frame = lade__buffer_need(&run->kept->frame, (size_t)image->Height, (size_t)image->Width);
    if (!frame)
        return lade_error_set(run->err, LADE_ENOMEM, "GIF: no memory for an interlaced image of %d x %d pixels",
                              image->Width, image->Height);
    for (int pass = 0; pass < 4; pass++)
        for (int y = first[pass]; y < image->Height; y += step[pass])
            if (DGifGetLine(run->gif, frame + (size_t)y * (size_t)image->Width, image->Width) != GIF_OK)
                return failed(run, run->gif->Error);
    return LADE_OK;
}

/* Reads row @y of the image into @row, which is a row of the canvas and already holds the background colour. */
static int read_row(struct run *run, int y, uint8_t *row) {
    const GifImageDesc *image = &run->gif->Image;
    if (image->Interlace) {
        memcpy(row + image->Left, (uint8_t *)run->kept->frame.data + (size_t)y * (size_t)image->Width,
               (size_t)image->Width);
        return LADE_OK;
    }
    return DGifGetLine(run->gif, row + image->Left, image->Width) == GIF_OK ? LADE_OK : failed(run, run->gif->Error);
}

static int feed(struct run *run) {
    struct lade__sink *sink = run->job->sink;
    const GifImageDesc *image = &run->gif->Image;
    size_t width = (size_t)run->job->info.width;
    int background = run->transparent >= 0 ? run->transparent : 0;
    uint8_t *indices = lade__buffer_need(&run->kept->row, 1, width);
    if (!indices)
        return lade_error_set(run->err, LADE_ENOMEM, "GIF: no memory for a row of %zu pixels", width);
    memset(indices, background, width);
    while (!lade__sink_complete(sink)) {
        size_t stride;
        int count;
        uint8_t *rows = lade__sink_rows(sink, &stride, &count);
        for (int i = 0; i < count; i++) {
            int y = sink->y + i - image->Top;
            if (y == image->Height)
                memset(indices, background, width);
            int rc = y >= 0 && y < image->Height ? read_row(run, y, indices) : LADE_OK;
            if (rc < 0)
                return rc;
            lade__palette_row(&run->palette, run->layout, indices, rows + (size_t)i * stride, (int)width);
        }
        lade__sink_take(sink, rows, stride, count);
    }
    return LADE_OK;
}

/* ---- Later frames ------------------------------------------------------------------------------------------------ */

/* Reads a frame after the first frame, and stores no pixels. Sets *@more to false if no more frames may be checked. */
static int skip_frame(struct run *run, bool *more) {
    GifFileType *gif = run->gif;
    int ok = DGifGetImageDesc(gif);
    if (ok != GIF_OK || gif->Image.Width < 1 || gif->Image.Height < 1)
        return ok;
    *more = lade__job_later(run->job, (uint64_t)gif->Image.Width * (uint64_t)gif->Image.Height);
    if (!*more)
        return ok;
    uint8_t *row = lade__buffer_need(&run->kept->row, 1, (size_t)gif->Image.Width);
    if (!row) {
        gif->Error = D_GIF_ERR_NOT_ENOUGH_MEM;
        return GIF_ERROR;
    }
    for (int y = 0; ok == GIF_OK && y < gif->Image.Height; y++)
        ok = DGifGetLine(gif, row, gif->Image.Width);
    return ok;
}

/* Reads the file from the end of the first frame up to the trailer. Returns LADE_OK or LADE_ENOMEM. */
static int check_rest(struct run *run) {
    struct lade__decode_job *job = run->job;
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    int ok = GIF_OK, frame = 1;
    while (ok == GIF_OK && record != TERMINATE_RECORD_TYPE) {
        bool ended = run->at == job->n; /* read_bytes() adds a zero byte */
        ok = DGifGetRecordType(run->gif, &record);
        if (ended) {
            lade__job_warn(job, "there is no trailer (at byte %zu, after %d frames)", job->n, frame);
            return LADE_OK;
        }
        if (ok == GIF_OK && record == EXTENSION_RECORD_TYPE)
            ok = read_extension(run);
        if (ok != GIF_OK || record != IMAGE_DESC_RECORD_TYPE)
            continue;
        bool more = true;
        frame++;
        ok = skip_frame(run, &more);
        if (!more)
            return LADE_OK;
    }
    if (ok == GIF_OK) {
        job->end = run->at;
        return LADE_OK;
    }
    if (run->gif->Error == D_GIF_ERR_NOT_ENOUGH_MEM)
        return failed(run, run->gif->Error);
    const char *cause = GifErrorString(run->gif->Error);
    lade__job_warn(job, "damaged after frame %d: %s (at byte %zu)",
                   record == IMAGE_DESC_RECORD_TYPE ? frame - 1 : frame, cause ? cause : "invalid data", run->at);
    return LADE_OK;
}

static int decode_all(struct run *run) {
    const struct lade_image_info *info = &run->job->info;
    int rc = read_header(run);
    if (rc < 0)
        return rc;
    const GifImageDesc *image = &run->gif->Image;
    if (image->Left + image->Width > info->width || image->Top + image->Height > info->height)
        return lade_error_set(run->err, LADE_EFORMAT,
                              "GIF: damaged: the image is larger than its canvas of %d x %d pixels", info->width,
                              info->height);
    read_palette(run);
    if (image->Interlace && (rc = read_interlaced(run)) < 0)
        return rc;
    rc = lade__sink_start(run->job->sink, info->width, info->height, run->layout, run->err);
    return rc < 0 ? rc : feed(run);
}

static int decode(void *handle, struct lade__decode_job *job, struct lade_error *err) {
    struct run run = {.kept = handle, .job = job, .err = err, .transparent = -1};
    int code = lade__gif_check_code_size(job, err);
    if (code < 0)
        return code;
    run.gif = DGifOpen(&run, read_bytes, &code);
    if (!run.gif)
        return failed(&run, code);
    int rc = decode_all(&run);
    if (rc == LADE_OK && job->check_all)
        rc = check_rest(&run);
    DGifCloseFile(run.gif, &code); /* frees run.gif even if it returns an error */
    return rc;
}

static void *handle_open(void) {
    return lade_calloc(1, sizeof(struct gif));
}

static void handle_close(void *handle) {
    struct gif *gif = handle;
    lade__buffer_release(&gif->row);
    lade__buffer_release(&gif->frame);
    lade_free(gif);
}
#endif

const struct lade__codec lade__codec_gif = {
    .format = LADE_FORMAT_GIF,
    .about = {.name = "gif", .title = "GIF", .suffixes = (const char *const[]){"gif", NULL}, .readable = LADE_WITH_GIF},
    .build_option = "LADE_GIF",
    .library = "giflib",
    .sniff = is_gif,
#if LADE_WITH_GIF
    .read_info = lade__gif_read_info,
    .open = handle_open,
    .close = handle_close,
    .decode = decode,
#endif
};
