/* Runs Python with Pillow, for tests that compare images with Pillow itself. */
#ifndef LADE_TESTS_PYTHON_PILLOW_H
#define LADE_TESTS_PYTHON_PILLOW_H

#include "image/codec/jpeg/libjpeg.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/check_main.h"

#define QUOTE(x)  #x
#define STRING(x) QUOTE(x)

/* Returns the path of a python3 that has this version of Pillow and the same version of libjpeg-turbo. @version ""
   means any version of Pillow. Returns NULL if there is no such python3. */
static inline const char *find_python(const char *version) {
    static const char *const pythons[] = {"/usr/bin/python3", "python3"};
    for (size_t i = 0; i < sizeof pythons / sizeof *pythons; i++) {
        char command[300];
        snprintf(command, sizeof command,
                 "%s -c 'import PIL, PIL.features as f; "
                 "exit(f.version_feature(\"libjpeg_turbo\") != \"%s\" or not PIL.__version__.startswith(\"%s\"))' "
                 "2>/dev/null",
                 pythons[i], STRING(LIBJPEG_TURBO_VERSION), version);
        if (system(command) == 0)
            return pythons[i];
    }
    return NULL;
}

static inline void must_run(const char *format, ...) {
    char command[1200];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    ck_assert_msg(system(command) == 0, "%s", command);
}

/* Returns the result of find_python(). If the result is NULL, also prints that the test is skipped. Versions of Pillow
   differ for some kinds of files. These files are compared only with the version that made the stored results. */
static inline const char *python_or_skip(const char *version) {
    const char *python = find_python(version);
    if (!python)
        printf("skipped: no python3 with Pillow %s on libjpeg-turbo %s (Debian: python3-pil)\n", version,
               STRING(LIBJPEG_TURBO_VERSION));
    return python;
}

#endif
