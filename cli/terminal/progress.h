/*
 * progress.h - one line that says how far a run is, on stderr and only if that is a terminal:
 *
 *     flow  ━━━━━━━━━━━━━━━━━━━━━━────────────  62%  31,000/50,000  4,812 img/s  0:04 left
 *
 * There is one progress line in the program. It changes no terminal setting and hides no cursor, so nothing has to be
 * put back even if the program is killed; lines printed by out_error() take its place and it is drawn again below.
 */
#ifndef LADE_CLI_TERMINAL_PROGRESS_H
#define LADE_CLI_TERMINAL_PROGRESS_H

#include <stdint.h>

/* Begin: what is done ("epoch 1/3"), how many in all (0: not known), of what ("img"). @what is copied. */
void progress_start(const char *what, int64_t total, const char *unit);

/* Another name for what is done, from now on; copied. */
void progress_rename(const char *what);

/* What else the line says; NULL: nothing. On a narrow terminal the last ones are left out. */
struct progress_text {
    const char *count; /* "step 31/50" in the place of "62%  31,000/50,000" */
    const char *more;  /* after that: "accuracy 81%" */
    const char *last;  /* at the end of the line */
};

/* So many are done. @words or NULL. Cheap: draws ten times a second at most. */
void progress_show(int64_t done, const struct progress_text *words);

/* Clear the line: before something else is printed, and at the end. */
void progress_hide(void);
void progress_end(void);

#endif
