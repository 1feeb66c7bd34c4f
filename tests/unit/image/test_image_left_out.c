/* Tests a build that leaves codecs out. It still recognises the files of these codecs, and the error message names the
   build option that adds the codec. */
#include "support/check_main.h"

/* Includes the sources of the codecs and compiles them as such a build does. */
#undef LADE_WITH_AVIF
#undef LADE_WITH_GIF
#undef LADE_WITH_TIFF
#undef LADE_WITH_WEBP
#define LADE_WITH_AVIF 0
#define LADE_WITH_GIF  0
#define LADE_WITH_TIFF 0
#define LADE_WITH_WEBP 0

#define lade__codec_avif left_out_avif
#include "image/codec/avif/decode.c"
#define lade__codec_gif left_out_gif
#include "image/codec/gif/decode.c"
#define lade__codec_webp left_out_webp
#include "image/codec/webp/decode.c"
#define lade__codec_tiff left_out_tiff
#include "image/codec/tiff/decode.c"

static const struct {
    const struct lade__codec *codec;
    const char *bytes, *option;
} files[] = {
    {&left_out_gif, "GIF89a..........", "-DLADE_GIF=ON"},
    {&left_out_webp, "RIFF....WEBPVP8 ", "-DLADE_WEBP=ON"},
    {&left_out_tiff, "II*\0............", "-DLADE_TIFF=ON"},
    {&left_out_tiff, "MM\0*............", "-DLADE_TIFF=ON"},
    {&left_out_tiff, "II+\0............", "-DLADE_TIFF=ON"},
    {&left_out_tiff, "MM\0+............", "-DLADE_TIFF=ON"},
    {&left_out_avif,
     "\0\0\0\x0c"
     "ftypavif....",
     "-DLADE_AVIF=ON"},
};

START_TEST(the_error_names_the_option) {
    const struct lade__codec *codec = files[_i].codec;
    char text[128];
    ck_assert(codec->sniff((const uint8_t *)files[_i].bytes, 16));
    ck_assert(!codec->about.readable && !codec->decode);
    lade__codec_left_out(codec, text, sizeof text);
    ck_assert_msg(strstr(text, files[_i].option) != NULL, "\"%s\"", text);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "left_out");
    tcase_add_loop_test(tcase, the_error_names_the_option, 0, sizeof files / sizeof *files);
}
