/*
 * Prints JSON. A long array is printed item by item, so that the whole array is never in memory.
 */
#include "report/json.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <lade/base.h>

#include "terminal/output.h"
#include "terminal/text.h"

static json_t *checked(json_t *value) {
    if (!value)
        out_die("out of memory");
    return value;
}

/* Returns @text if it is valid UTF-8, or the result of text_escape(). The caller must free() the text. */
static char *utf8_of(const char *text) {
    return text_is_utf8(text) ? text_printf("%s", text) : text_escape(text);
}

json_t *json_new_object(void) {
    return checked(json_object());
}

json_t *json_new_array(void) {
    return checked(json_array());
}

void json_put(json_t *object, const char *key, json_t *value) {
    char *name = utf8_of(key); /* a key may be a class name */
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
    char *text = utf8_of(value);
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

/* Returns an array of the bytes of @path. */
static json_t *bytes_of(const char *path) {
    json_t *bytes = json_new_array();
    for (; *path; path++)
        json_append(bytes, checked(json_integer((unsigned char)*path)));
    return bytes;
}

void json_put_path(json_t *object, const char *path) {
    json_put_text(object, "path", path);
    if (!text_is_utf8(path))
        json_put(object, "path_bytes", bytes_of(path));
}

void json_put_paths(json_t *object, const char *key, char *const *paths, int count) {
    json_t *texts = json_new_array(), *all_bytes = json_new_array();
    bool all_utf8 = true;
    for (int i = 0; i < count; i++) {
        bool utf8 = text_is_utf8(paths[i]);
        all_utf8 = all_utf8 && utf8;
        json_append(texts, json_of_text(paths[i]));
        json_append(all_bytes, utf8 ? checked(json_null()) : bytes_of(paths[i]));
    }
    json_put(object, key, texts);
    char *bytes_key = text_printf("%s_bytes", key);
    if (all_utf8)
        json_decref(all_bytes);
    else
        json_put(object, bytes_key, all_bytes);
    free(bytes_key);
}

/* Prints JSON text. jansson escapes control characters below U+0020. This function escapes all other characters that
   lade_text_escape() would escape. In JSON, such characters occur only inside strings. All of them are below
   U+10000. */
static void print_escaped(const char *text) {
    const char *from = text, *s = text;
    while (*s) {
        size_t length = 1;
        while ((s[length] & 0xc0) == 0x80)
            length++;
        bool plain = length == 1 && *s != 127;
        if (plain || lade_text_escape(s, length, false, NULL, 0) == length) {
            s += length;
            continue;
        }
        unsigned c = length > 1 ? *s & (0x7fu >> length) : (unsigned char)*s;
        for (size_t i = 1; i < length; i++)
            c = c << 6 | (s[i] & 0x3fu);
        out_print("%.*s\\u%04x", (int)(s - from), from, c);
        from = s += length;
    }
    out_print("%s", from);
}

/* Prints the JSON text of @value without the first @skip bytes. Frees @value. */
static void print(json_t *value, size_t skip) {
    char *text = json_dumps(value, JSON_REAL_PRECISION(9));
    if (!text)
        out_die("out of memory");
    print_escaped(text + skip);
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
