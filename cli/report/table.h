/*
 * table.h - aligned columns on stdout. The first column is flush left, the others right.
 */
#ifndef LADE_CLI_REPORT_TABLE_H
#define LADE_CLI_REPORT_TABLE_H

#include <stddef.h>

/* Start it as {.columns = n}. */
struct table {
    int columns;
    char **cells;
    size_t count, room;
};

/* Append one cell, row by row; ends the program when there is no memory. */
void table_add(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* How many columns of a screen the rows take. */
int table_width(const struct table *table);

/* Print the rows, each @indent columns from the left, and empty the table; empty it without printing. */
void table_print(struct table *table, int indent);
void table_release(struct table *table);

#endif
