/*
 * Prints JSON. Long arrays are printed item by item, so that they are never in memory as a whole.
 */
#include "report/json.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "terminal/output.h"
#include "terminal/text.h"

static json_t *checked(json_t *value) {
    if (!value)
        out_die("out of memory");
    return value;
}

json_t *json_new_object(void) {
    return checked(json_object());
}

json_t *json_new_array(void) {
    return checked(json_array());
}

void json_put(json_t *object, const char *key, json_t *value) {
    char *name = text_escape(key); /* a key may be a class name that is not UTF-8 */
    if (json_object_set_new(object, name, value))
        out_die("out of memory");
    free(name);
}

void json_append(json_t *array, json_t *value) {
    if (json_array_append_new(array, value))
        out_die("out of memory");
}

json_t *json_of_real(double value) {
    return checked(isfinite(value) ? json_real(value) : json_null());
}

json_t *json_of_text(const char *value) {
    char *text = text_escape(value);
    json_t *string = checked(json_string(text));
    free(text);
    return string;
}

void json_put_int(json_t *object, const char *key, int64_t value) {
    json_put(object, key, checked(json_integer(value)));
}

void json_put_real(json_t *object, const char *key, double value) {
    json_put(object, key, json_of_real(value));
}

void json_put_text(json_t *object, const char *key, const char *value) {
    json_put(object, key, json_of_text(value));
}

/* Prints the JSON text of @value without the first @skip bytes. Frees @value. */
static void print(json_t *value, size_t skip) {
    char *text = json_dumps(value, JSON_REAL_PRECISION(9));
    if (!text)
        out_die("out of memory");
    out_print("%s", text + skip);
    free(text);
    json_decref(value);
}

void json_print(json_t *object) {
    print(object, 0);
    out_print("\n");
}

static bool first_item;

void json_print_begin(const char *key) {
    out_print("{\"%s\": [", key);
    first_item = true;
}

void json_print_item(json_t *item) {
    out_print("%s", first_item ? "" : ", ");
    first_item = false;
    print(item, 0);
}

void json_print_end(json_t *object) {
    out_print("], ");
    print(object, 1);
    out_print("\n");
}
