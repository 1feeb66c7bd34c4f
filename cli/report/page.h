/*
 * page.h - defines the file formats of pages. A page is a contact sheet or a plot.
 */
#ifndef LADE_CLI_REPORT_PAGE_H
#define LADE_CLI_REPORT_PAGE_H

enum page_format { PAGE_UNKNOWN, PAGE_PNG, PAGE_SVG };

/* Returns the format that the suffix of @path selects, which is .png or .svg in upper or lower case. Returns
   PAGE_UNKNOWN for another suffix. */
enum page_format page_format(const char *path);

/*
 * Checks that a page can be written to @path, which is the value of @option. Returns EXIT_OK. On error, prints a
 * message and returns another exit code.
 */
int page_check(const char *option, const char *path);

#endif
