/*
 * json.h - makes and prints the JSON object of the option --json. These functions call jansson and end the program if
 * memory runs out. Keys and strings that are not valid UTF-8 are escaped with text_escape(). Numbers that are not
 * finite become null. The printed JSON contains no character that lade_text_escape() escapes.
 */
#ifndef LADE_CLI_REPORT_JSON_H
#define LADE_CLI_REPORT_JSON_H

#include <jansson.h>
#include <stdint.h>

/* Return a new object or array. The caller must pass the result to json_put(), json_append() or json_print(). */
json_t *json_new_object(void);
json_t *json_new_array(void);

/* Add a member to an object. After json_put(), @value belongs to @object. */
void json_put(json_t *object, const char *key, json_t *value);
void json_put_int(json_t *object, const char *key, int64_t value);
void json_put_real(json_t *object, const char *key, double value);
void json_put_text(json_t *object, const char *key, const char *value);

/* Adds the member "path". If @path is not valid UTF-8, also adds "path_bytes", an array of the bytes of @path, so that
   another program can open the file. */
void json_put_path(json_t *object, const char *path);

/* Adds the member @key, an array of @count paths. If a path is not valid UTF-8, also adds a second array, whose key is
   @key with "_bytes" appended. For each path that is not valid UTF-8, the second array has an array of bytes. For each
   other path, the second array has null. */
void json_put_paths(json_t *object, const char *key, char *const *paths, int count);

/* Appends @value to an array. After the call, @value belongs to the array. */
void json_append(json_t *array, json_t *value);

/* Return a value for json_append(). */
json_t *json_of_real(double value);
json_t *json_of_text(const char *value);

/* Prints @object on one line of stdout and frees it. */
void json_print(json_t *object);

/*
 * Print an object whose first member is a long array, without storing the array in memory. json_print_begin() starts
 * the array @key. json_print_item() prints an item and frees it. json_print_end() ends the array, prints the members of
 * @object and frees @object. The output is one line, as with json_print().
 */
void json_print_begin(const char *key);
void json_print_item(json_t *item);
void json_print_end(json_t *object);

#endif
