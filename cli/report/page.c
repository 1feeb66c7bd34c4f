/*
 * Checks the paths of pages. These functions are not in draw.c, because commands check the paths before they draw.
 */
#include "report/page.h"

#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/output_file.h"
#include "terminal/text.h"

enum page_format page_format(const char *path) {
    if (text_has_suffix(path, ".png"))
        return PAGE_PNG;
    return text_has_suffix(path, ".svg") ? PAGE_SVG : PAGE_UNKNOWN;
}

int page_check(const char *option, const char *path) {
    if (page_format(path) == PAGE_UNKNOWN)
        return out_usage("%s %s: FILE must end in .png or .svg", option, path);
    return output_file_check(option, path) ? EXIT_OK : EXIT_FAILED;
}
