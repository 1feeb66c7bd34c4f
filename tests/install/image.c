/* Decodes an image of one pixel. */
#include <lade/image.h>

int main(void) {
    static const char pgm[] = "P5 1 1 255 x";
    struct lade_image image;
    lade_decoder *decoder = lade_decoder_new();
    int rc = lade_image_decode(decoder, pgm, sizeof pgm - 1, LADE_COLOR_RGB, NULL, &image, NULL);
    rc = rc || image.pixels[0] != 'x';
    lade_decoder_free(decoder);
    return rc;
}
