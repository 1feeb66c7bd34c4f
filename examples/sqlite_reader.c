/*
 * Streams images out of an SQLite database. The database has one row for each image:
 *
 *     CREATE TABLE images (name TEXT, class TEXT, bytes BLOB);
 *
 * The program prints the number of images of an epoch and the digest of their batches. If the database contains the
 * files of class folders, the digest equals the digest that `lade flow` prints for the folders.
 */
#include <lade/flow.h>
#include <lade/iter.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int open_sqlite_reader(const char *path, struct lade_reader *reader, struct lade_error *err);

struct image {
    int64_t row;
    char *name, *class_name;
};

struct database {
    char *path;
    struct image *images; /* names and classes of all images, so that `label` and `name` need no query */
    int64_t count;
    pid_t owner; /* the process that opened the connections */
    int workers;
    sqlite3_stmt **queries; /* one query with its own connection for each worker, so that workers do not wait */
};

static int sqlite_failed(sqlite3 *connection, struct lade_error *err) {
    return lade_error_set(err, LADE_EIO, "SQLite: %s", sqlite3_errmsg(connection));
}

/* Opens a connection and prepares @sql. On error, fills @err and returns NULL. */
static sqlite3_stmt *prepare(const char *path, const char *sql, struct lade_error *err) {
    sqlite3 *connection;
    sqlite3_stmt *query = NULL;

    if (sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(connection, sql, -1, &query, NULL) != SQLITE_OK) {
        sqlite_failed(connection, err);
        sqlite3_close(connection);
    }
    return query;
}

static void finish(sqlite3_stmt *query) {
    sqlite3 *connection = query ? sqlite3_db_handle(query) : NULL;

    sqlite3_finalize(query);
    sqlite3_close(connection);
}

/* ---- The functions of the reader --------------------------------------------------------------------------------- */

/* Closes the connections. SQLite does not allow a child process to use or close the connections of its parent. So a
   child process does not close these connections. */
static void close_queries(struct database *d) {
    for (int i = 0; i < d->workers && d->owner == getpid(); i++)
        finish(d->queries[i]);
    free(d->queries);
    d->queries = NULL;
    d->workers = 0;
}

/* Opens the connections of the workers. The flow also calls this function in a child process before the first `read`.
   In the child, the new connections replace the connections of the parent. If a worker was running a function of SQLite
   during fork(), the child may wait forever, because SQLite does not unlock its mutexes in the child. */
static int open_database(void *ctx, int workers, struct lade_error *err) {
    struct database *d = ctx;

    d->owner = getpid();
    d->workers = 0;
    d->queries = calloc((size_t)workers, sizeof *d->queries);
    if (!d->queries)
        return lade_error_set(err, LADE_ENOMEM, "no memory for %d connections", workers);
    for (d->workers = 0; d->workers < workers; d->workers++) {
        d->queries[d->workers] = prepare(d->path, "SELECT bytes FROM images WHERE rowid = ?", err);
        if (!d->queries[d->workers]) {
            close_queries(d);
            return err->code;
        }
    }
    return LADE_OK;
}

static int64_t read_image(void *ctx, int worker, int64_t i, lade_reader_buffer *buffer, struct lade_error *err) {
    const struct database *d = ctx;
    sqlite3_stmt *query = d->queries[worker];

    sqlite3_reset(query); /* the bytes of the last image are no longer used */
    sqlite3_bind_int64(query, 1, d->images[i].row);
    switch (sqlite3_step(query)) {
    case SQLITE_ROW: {
        const void *bytes = sqlite3_column_blob(query, 0);
        int size = sqlite3_column_bytes(query, 0);
        return lade_reader_lend(buffer, bytes, size, err) == LADE_OK ? size : err->code;
    }
    case SQLITE_DONE:
        return lade_error_set(err, LADE_ENOENT, "the row was deleted");
    default: /* the whole database is locked, damaged or deleted */
        lade_reader_end_flow(buffer);
        return sqlite_failed(sqlite3_db_handle(query), err);
    }
}

static int class_of(void *ctx, int64_t i, struct lade_reader_label *label, struct lade_error *err) {
    (void)err;
    label->class_name = ((struct database *)ctx)->images[i].class_name;
    return LADE_OK;
}

static int64_t name_of(void *ctx, int64_t i, char *buffer, size_t size) {
    return snprintf(buffer, size, "%s", ((struct database *)ctx)->images[i].name);
}

static void close_database(void *ctx) {
    struct database *d = ctx;

    close_queries(d);
    for (int64_t i = 0; i < d->count; i++) {
        free(d->images[i].name);
        free(d->images[i].class_name);
    }
    free(d->images);
    free(d->path);
    free(d);
}

/* ---- The list of images ------------------------------------------------------------------------------------------ */

static char *text_of(sqlite3_stmt *query, int column) {
    const unsigned char *text = sqlite3_column_text(query, column);
    return strdup(text ? (const char *)text : "");
}

/* Appends the row of @query to the list. Returns false if there is no memory. */
static bool append(struct database *d, sqlite3_stmt *query) {
    if ((d->count & (d->count - 1)) == 0) { /* the list is full, because its capacity is also a power of two */
        struct image *images = realloc(d->images, (size_t)(d->count ? 2 * d->count : 1) * sizeof *images);
        if (!images)
            return false;
        d->images = images;
    }
    struct image *image = &d->images[d->count++];
    *image = (struct image){sqlite3_column_int64(query, 0), text_of(query, 1), text_of(query, 2)};
    return image->name && image->class_name;
}

/* Lists the images in the order of class folders: by class, then by name. */
static int list_images(struct database *d, struct lade_error *err) {
    sqlite3_stmt *query = prepare(d->path, "SELECT rowid, name, class FROM images ORDER BY class, name", err);
    int step = SQLITE_DONE, status = LADE_OK;

    if (!query)
        return err->code;
    while (status == LADE_OK && (step = sqlite3_step(query)) == SQLITE_ROW)
        if (!append(d, query))
            status = lade_error_set(err, LADE_ENOMEM, "no memory for a list of %lld images", (long long)d->count);
    if (status == LADE_OK && step != SQLITE_DONE)
        status = sqlite_failed(sqlite3_db_handle(query), err);
    finish(query);
    return status;
}

/* Fills @reader for the database at @path. Pass the reader to lade_flow_from_reader(), which calls reader->close(). */
int open_sqlite_reader(const char *path, struct lade_reader *reader, struct lade_error *err) {
    struct database *d = calloc(1, sizeof *d);

    if (!d || !(d->path = strdup(path))) {
        free(d);
        return lade_error_set(err, LADE_ENOMEM, "no memory to open %s", path);
    }
    int status = list_images(d, err);
    if (status < 0) {
        close_database(d);
        return status;
    }
    *reader = (struct lade_reader){.source = d->path,
                                   .root = d->path,
                                   .samples = d->count,
                                   .label = class_of,
                                   .open = open_database,
                                   .read = read_image,
                                   .name = name_of,
                                   .close = close_database,
                                   .ctx = d};
    return LADE_OK;
}

/* ---- The program ------------------------------------------------------------------------------------------------- */

int main(int argc, char **argv) {
    lade_explain_overflow();
    struct lade_error err = {0};
    struct lade_reader reader;
    struct lade_flow_options options = {.target_size = {32, 32}, .batch_size = 8, .seed = 1, .rescale = 1 / 255.f,
                                        .rotation_range = 20, .zoom_range = {.8, 1.2}, .horizontal_flip = true};
    struct lade_digest digest = {0};
    char text[33];
    lade_flow *flow = NULL;

    if (open_sqlite_reader(argc > 1 ? argv[1] : "shapes.db", &reader, &err) == LADE_OK)
        flow = lade_flow_from_reader(&reader, &options, &err);
    if (flow)
        lade_for_each (b, lade_take(lade_flow_batches(flow), lade_flow_steps(flow)), &err)
            lade_digest_add(&digest, b);
    if (!err.code) {
        lade_digest_text(&digest, text);
        printf("%lld images, digest %s\n", (long long)lade_flow_samples(flow), text);
    }
    lade_flow_free(flow);
    if (err.code)
        fprintf(stderr, "%s\n", err.message);
    return err.code != 0;
}
