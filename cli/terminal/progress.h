/*
 * progress.h - draws the progress line on stderr if stderr is a terminal:
 *
 *     flow  ━━━━━━━━━━━━━━━━━━━━━━────────────  62%  31,000/50,000  4,812 img/s  0:04 left
 *
 * The program has only one progress line. Drawing changes no setting of the terminal and does not hide the cursor, so
 * nothing must be restored if the program is killed. out_error() clears the line before it prints a message. The next
 * progress_show() draws the line again below the message.
 */
#ifndef LADE_CLI_TERMINAL_PROGRESS_H
#define LADE_CLI_TERMINAL_PROGRESS_H

#include <stdint.h>

/*
 * Begins a task with the name @name, for example "epoch 1/3". The function copies the name. @total is the number of
 * items; 0 means that the number is unknown. @unit is the unit of the items, for example "img".
 */
void progress_start(const char *name, int64_t total, const char *unit);

/* Changes the name of the task. @name is copied. */
void progress_rename(const char *name);

/* Additional texts of the line. Each text may be NULL. On a narrow terminal, the texts at the end of the line are
   omitted. */
struct progress_text {
    const char *count; /* "step 31/50", shown instead of "62%  31,000/50,000" */
    const char *more;  /* "accuracy 81%", shown after the count */
    const char *last;  /* shown at the end of the line */
};

/* Draws the line for @done items, at most ten times a second. @text may be NULL. */
void progress_show(int64_t done, const struct progress_text *text);

/* Clears the line, so that other output can be printed. The next progress_show() draws the line again. */
void progress_hide(void);

/* Clears the line and ends the task. */
void progress_end(void);

#endif
