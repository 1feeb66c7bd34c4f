/*
 * Writes image files. The image is first encoded in memory, so after the file is opened only writing can fail. If
 * writing fails, an incomplete regular file is removed. A device such as /dev/full is not removed.
 */
#include "image/codec/codec.h"
#include "image/view.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Returns 0 or an errno value. */
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

int lade_image_write(const char *path, const struct lade_image *image, enum lade_format format, int quality,
                     struct lade_error *err) {
    if (!path)
        return lade_error_set_subject(err, LADE_EINVAL, "path", "the path of the image file is missing");
    if (!lade__image_ok(image))
        return lade_error_set_subject(err, LADE_EINVAL, path,
                                      "%s: the image must have pixels, a size of at least 1 x 1, 1, 3 or 4 channels, "
                                      "and a stride of at least one row",
                                      path);
    const struct lade__codec *codec = lade__codec_of(format ? format : lade_format_from_path(path));
    if (!codec || !codec->encode)
        return lade_error_set_subject(err, LADE_EINVAL, path, "%s: lade does not write this image format", path);
    struct lade__encoded bytes;
    int rc = codec->encode(image, quality, &bytes, err);
    if (rc < 0)
        return rc;
    rc = write_file(path, &bytes, err);
    lade_free(bytes.data);
    return rc;
}
