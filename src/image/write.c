/*
 * Image files out. A file is encoded in memory first, so that nothing but the disk can fail once it is opened, and what
 * a full disk leaves behind is removed - if it is a file: nobody wants /dev/full unlinked.
 */
#include "image/codec/encode.h"
#include "image/view.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* 0 or an errno value. */
static int write_all(int fd, const uint8_t *bytes, size_t n) {
    while (n > 0) {
        ssize_t wrote = write(fd, bytes, n);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return wrote < 0 ? errno : EIO;
        bytes += wrote;
        n -= (size_t)wrote;
    }
    return 0;
}

static int write_file(const char *path, const struct lade__encoded *bytes, struct lade_error *err) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return lade_error_from_errno(err, errno, path, "%s: cannot create the image file", path);
    struct stat st;
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    int failure = write_all(fd, bytes->data, bytes->size);
    if (close(fd) < 0 && !failure)
        failure = errno;
    if (!failure)
        return LADE_OK;
    if (regular)
        unlink(path);
    return lade_error_from_errno(err, failure, path, "%s: cannot write the image file", path);
}

static int check(const char *path, const struct lade_image *image, struct lade_error *err) {
    if (!path)
        return lade_error_set(err, LADE_EINVAL, "no path to write an image to");
    if (!lade__image_ok(image))
        return lade_error_set(err, LADE_EINVAL,
                              "%s: the image to write has no pixels, no size, channels other than 1, 3 or 4, or a "
                              "stride below a row",
                              path);
    return LADE_OK;
}

typedef int encode_fn(const struct lade_image *image, struct lade__encoded *out, struct lade_error *err);

/* Writes what an encoder made, and gives it back. */
static int finish(const char *path, struct lade__encoded *bytes, struct lade_error *err) {
    int rc = write_file(path, bytes, err);
    lade_free(bytes->data);
    return rc;
}

static int write_encoded(const char *path, const struct lade_image *image, encode_fn *encode, struct lade_error *err) {
    struct lade__encoded bytes;
    int rc = check(path, image, err);
    if (rc == LADE_OK)
        rc = encode(image, &bytes, err);
    return rc < 0 ? rc : finish(path, &bytes, err);
}

int lade_image_write_png(const char *path, const struct lade_image *image, struct lade_error *err) {
    return write_encoded(path, image, lade__encode_png, err);
}

int lade_image_write_bmp(const char *path, const struct lade_image *image, struct lade_error *err) {
    return write_encoded(path, image, lade__encode_bmp, err);
}

int lade_image_write_pnm(const char *path, const struct lade_image *image, struct lade_error *err) {
    return write_encoded(path, image, lade__encode_pnm, err);
}

int lade_image_write_jpeg(const char *path, const struct lade_image *image, int quality, struct lade_error *err) {
    struct lade__encoded bytes;
    int rc = check(path, image, err);
    if (rc == LADE_OK)
        rc = lade__encode_jpeg(image, quality ? quality : 75, false, &bytes, err);
    return rc < 0 ? rc : finish(path, &bytes, err);
}
