/*
 * json.h - the one object that --json prints on stdout. A thin layer over jansson that checks for lack of memory and
 * writes what JSON has no form for - bytes that are not UTF-8, numbers that are not finite - as text_escape() and null.
 */
#ifndef LADE_CLI_REPORT_JSON_H
#define LADE_CLI_REPORT_JSON_H

#include <jansson.h>
#include <stdint.h>

/* A new object or array; ends the program when there is no memory. Give it to json_put() or json_print(). */
json_t *json_new_object(void);
json_t *json_new_array(void);

/* Put a member in an object; @value is taken over. */
void json_put(json_t *object, const char *key, json_t *value);
void json_put_int(json_t *object, const char *key, int64_t value);
void json_put_real(json_t *object, const char *key, double value);
void json_put_text(json_t *object, const char *key, const char *value);

/* Append to an array; @value is taken over. */
void json_append(json_t *array, json_t *value);

/* The same values for arrays. */
json_t *json_of_real(double value);
json_t *json_of_text(const char *value);

/* Print it on one line of stdout and free it. */
void json_print(json_t *object);

/*
 * An object whose first member is an array too long to be kept: each item is printed as it comes and freed, then the
 * other members, those of @object. All of it is one line, as json_print() would print it.
 */
void json_print_begin(const char *key);
void json_print_item(json_t *item);
void json_print_end(json_t *object);

#endif
