/*
 * json.h - the JSON object that --json prints on stdout. These functions call jansson and end the program if memory
 * runs out. Strings that are not UTF-8 are written as text_escape() gives them; numbers that are not finite are null.
 */
#ifndef LADE_CLI_REPORT_JSON_H
#define LADE_CLI_REPORT_JSON_H

#include <jansson.h>
#include <stdint.h>

/* Return a new object or array, which json_put(), json_append() or json_print() takes over. */
json_t *json_new_object(void);
json_t *json_new_array(void);

/* Add a member to an object. json_put() takes over @value. */
void json_put(json_t *object, const char *key, json_t *value);
void json_put_int(json_t *object, const char *key, int64_t value);
void json_put_real(json_t *object, const char *key, double value);
void json_put_text(json_t *object, const char *key, const char *value);

/* Appends to an array and takes over @value. */
void json_append(json_t *array, json_t *value);

/* Return a value for json_append(). */
json_t *json_of_real(double value);
json_t *json_of_text(const char *value);

/* Prints @object on one line of stdout and frees it. */
void json_print(json_t *object);

/*
 * Print an object whose first member is an array that is too long to keep in memory. json_print_begin() starts the
 * array @key, json_print_item() prints an item and frees it, and json_print_end() prints the members of @object and
 * frees it. The output is one line, like that of json_print().
 */
void json_print_begin(const char *key);
void json_print_item(json_t *item);
void json_print_end(json_t *object);

#endif
