/*
 * table.h - prints aligned columns to stdout. The first column is aligned left, and all other columns are aligned
 * right.
 */
#ifndef LADE_CLI_REPORT_TABLE_H
#define LADE_CLI_REPORT_TABLE_H

#include <stddef.h>

/* Initialise a table with {.columns = n}. */
struct table {
    int columns;
    char **cells;
    size_t count, capacity;
};

/* Appends a cell. Cells are added row by row. Ends the program if memory runs out. */
void table_add(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Returns the width of the table in columns of the terminal. */
int table_width(const struct table *table);

/* Prints the rows, indented by @indent columns, and empties the table. */
void table_print(struct table *table, int indent);

/* Empties the table without printing it. */
void table_release(struct table *table);

#endif
