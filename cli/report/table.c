/*
 * Prints aligned columns. All cells are stored as strings until the table is printed, because the width of a column is
 * the width of its widest cell.
 */
#include "report/table.h"

#include <stdarg.h>
#include <stdlib.h>

#include "terminal/output.h"
#include "terminal/text.h"

void table_add(struct table *table, const char *format, ...) {
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 64;
        char **cells = text_alloc(capacity, sizeof *cells);
        for (size_t i = 0; i < table->count; i++)
            cells[i] = table->cells[i];
        free(table->cells);
        table->cells = cells;
        table->capacity = capacity;
    }
    va_list args;
    va_start(args, format);
    table->cells[table->count++] = text_vprintf(format, args);
    va_end(args);
}

/* Returns an array with the width of each column. The caller must free() the array. */
static int *column_widths(const struct table *table) {
    size_t columns = (size_t)table->columns;
    int *widths = text_alloc(columns, sizeof *widths);
    for (size_t i = 0; i < table->count; i++) {
        int width = text_columns(table->cells[i]);
        if (width > widths[i % columns])
            widths[i % columns] = width;
    }
    return widths;
}

int table_width(const struct table *table) {
    int *widths = column_widths(table), sum = 2 * (table->columns - 1);
    for (int i = 0; i < table->columns; i++)
        sum += widths[i];
    free(widths);
    return sum;
}

void table_print(struct table *table, int indent) {
    size_t columns = (size_t)table->columns;
    int *widths = column_widths(table);
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % columns;
        int pad = widths[column] - text_columns(table->cells[i]);
        if (column == 0)
            out_print("%*s%s%*s", indent, "", table->cells[i], columns > 1 ? pad : 0, "");
        else
            out_print("  %*s%s", pad, "", table->cells[i]);
        if (column + 1 == columns)
            out_print("\n");
    }
    free(widths);
    table_release(table);
}

void table_release(struct table *table) {
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct table){.columns = table->columns};
}
