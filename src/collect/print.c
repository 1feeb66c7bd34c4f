/*
 * Prints lists, tuples, sets and dicts as Python does. tensor/print.c prints arrays.
 */
#include "collect/container.h"
#include "tensor/format.h"

#include <string.h>

/* Prints a string as Python's repr() does. A string that contains single quotes and no double quotes is printed in
   double quotes. All other strings are printed in single quotes. */
static void print_quoted(FILE *f, const char *s) {
    char quote = strchr(s, '\'') && !strchr(s, '"') ? '"' : '\'';
    fputc(quote, f);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '\n' || c == '\t' || c == '\r')
            fprintf(f, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
        else if (c < 32 || c == 127)
            fprintf(f, "\\x%02x", c);
        else
            fprintf(f, c == '\\' || c == (unsigned char)quote ? "\\%c" : "%c", c);
    }
    fputc(quote, f);
}

static void print_item(FILE *f, const void *item, int type) {
    char text[LADE__NUMBER_MAX];
    if (type == LADE__STRING) {
        const char *s;
        memcpy(&s, item, sizeof s);
        if (s)
            print_quoted(f, s);
        else
            fputs("None", f);
    } else if (type == LADE__BOOL) {
        bool truth;
        memcpy(&truth, item, sizeof truth);
        fputs(truth ? "True" : "False", f);
    } else if (type == LADE__CHAR) {
        char s[2] = {0};
        memcpy(s, item, 1);
        print_quoted(f, s);
    } else if (type < 0) {
        fputs("<item>", f);
    } else {
        lade__format_scalar((enum lade_dtype)type, item, text);
        fputs(text, f);
    }
}

static void print_items(FILE *f, const void *items, int type) {
    static const char *const brackets[] = {
        [LADE__LIST] = "[]", [LADE__TUPLE] = "()", [LADE__SET] = "{}", [LADE__DICT] = "{}", [LADE__ARRAY] = "[]"};
    const struct lade_header *header = lade__header(items);
    if (header->kind == LADE__SET && !header->length) {
        fputs("set()", f);
        return;
    }
    fputc(brackets[header->kind][0], f);
    for (size_t i = 0; i < header->length; i++) {
        if (i)
            fputs(", ", f);
        print_item(f, (const char *)items + i * header->item_size, type);
    }
    if (header->kind == LADE__TUPLE && header->length == 1)
        fputc(',', f);
    fputc(brackets[header->kind][1], f);
}

static int print_array(FILE *f, const void *items, int type) {
    const struct lade_header *header = lade__header(items);
    if (type == LADE__BOOL)
        type = LADE_UINT8;
    struct lade_tensor *t =
        lade_tensor_wrap((void *)(uintptr_t)items, (enum lade_dtype)type, header->ndim, header->shape, NULL, NULL);
    if (!t)
        return LADE_ENOMEM;
    int status = lade_tensor_print(t, f);
    lade_tensor_unref(t);
    return status;
}

int lade__print(FILE *f, const void *items, int temporary, int type) {
    int status = LADE_OK;
    if (!items) {
        fputs("None\n", f);
    } else if (lade__header(items)->kind == LADE__ARRAY && (type >= 0 || type == LADE__BOOL)) {
        status = print_array(f, items, type);
    } else {
        print_items(f, items, type);
        fputc('\n', f);
    }
    if (temporary)
        lade__container_free((void *)(uintptr_t)items);
    return ferror(f) ? LADE_EIO : status;
}

int lade__print_scalar(FILE *f, const void *value, int type) {
    if (type == LADE__STRING) {
        const char *s;
        memcpy(&s, value, sizeof s);
        fputs(s ? s : "None", f);
    } else {
        print_item(f, value, type);
    }
    fputc('\n', f);
    return ferror(f) ? LADE_EIO : LADE_OK;
}
