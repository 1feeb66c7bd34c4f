/*
 * Tests of examples/sqlite_reader.c. For all options, the batches of a database must equal the batches of the class
 * folders from which the database was made.
 */
#define _GNU_SOURCE /* nftw */
#include "support/flow_settings.h"
#include "support/fork_child.h"

#include <pthread.h>
#include <sqlite3.h>

int open_sqlite_reader(const char *path, struct lade_reader *reader, struct lade_error *err);

/* Makes a database of all images in the class folders. */
static void make_database(const char *path) {
    lade_scan *scan = lade_scan_directory(tree_root, NULL, NULL);
    static char bytes[1 << 16];
    sqlite3 *db;
    sqlite3_stmt *insert;

    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "CREATE TABLE images (name TEXT, class TEXT, bytes BLOB)", NULL, NULL, NULL), 0);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "INSERT INTO images VALUES (?, ?, ?)", -1, &insert, NULL), SQLITE_OK);
    for (int64_t i = lade_scan_count(scan); i-- > 0;) { /* backwards, because the reader must sort the rows */
        char name[64];
        lade_scan_path(scan, i, name, sizeof name);
        FILE *f = fopen(tree_path(name), "rb");
        size_t n = fread(bytes, 1, sizeof bytes, f);
        fclose(f);
        sqlite3_bind_text(insert, 1, name, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 2, lade_scan_class_name(scan, lade_scan_class_of(scan, i)), -1, SQLITE_STATIC);
        sqlite3_bind_blob(insert, 3, bytes, (int)n, SQLITE_STATIC);
        ck_assert_int_eq(sqlite3_step(insert), SQLITE_DONE);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    sqlite3_close(db);
    lade_scan_free(scan);
}

static lade_flow *open_database(const struct setting *s, int workers) {
    struct lade_flow_options o = s->options;
    struct lade_error err = {0};
    struct lade_reader reader;

    o.workers = workers;
    ck_assert_msg(open_sqlite_reader(tree_path("images.db"), &reader, &err) == LADE_OK, "%s", err.message);
    lade_flow *flow = lade_flow_from_reader(&reader, &o, &err);
    ck_assert_msg(flow != NULL, "setting %llu: %s", (unsigned long long)s->number, err.message);
    return flow;
}

START_TEST(a_database_has_the_batches_of_its_folders) {
    int compared = 0;
    make_sources(mixed);
    make_database(tree_path("images.db"));
    for (uint64_t number = 2000; number < 2150; number++) {
        struct setting s;
        draw_setting(&s, number);
        if (s.source != FOLDERS)
            continue;
        lade_flow *flow = open_database(&s, 1 + (int)(number % 3));
        check_digests(&s, "database", digest(flow, 2 * lade_flow_steps(flow), &s), digest_of(&s, 1, 0, 1));
        lade_flow_free(flow);
        compared++;
    }
    ck_assert_int_gt(compared, 30);
    drop_sources();
}
END_TEST

START_TEST(an_error_has_the_name_of_the_row) {
    struct lade_flow_options o = {.target_size = {4, 4}, .order = LADE_ORDER_SORTED};
    struct lade_reader reader;
    struct lade_error err = {0};
    struct lade_batch *b;
    make_sources(mixed);
    make_database(tree_path("images.db"));
    ck_assert_int_eq(open_sqlite_reader(tree_path("images.db"), &reader, &err), LADE_OK);
    lade_flow *flow = lade_flow_from_reader(&reader, &o, &err);
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_EUNSUPPORTED);
    check_error(&err, LADE_EUNSUPPORTED, "images.db/c1/005.png");
    lade_flow_free(flow);
    err = (struct lade_error){0};
    ck_assert_int_eq(open_sqlite_reader(tree_path("list.csv"), &reader, &err), LADE_EIO);
    drop_sources();
}
END_TEST

/* ---- fork() ------------------------------------------------------------------------------------------------------ */

static int foreign_closes; /* number of connections that another process opened and this process closed */

static int count_foreign_close(unsigned kind, void *opened_by, void *connection, void *unused) {
    (void)kind, (void)connection, (void)unused;
    foreign_closes += (pid_t)(intptr_t)opened_by != getpid();
    return 0;
}

/* SQLite calls this function for each new connection. */
static int watch_connection(sqlite3 *connection, const char **message, const struct sqlite3_api_routines *routines) {
    (void)message, (void)routines;
    return sqlite3_trace_v2(connection, SQLITE_TRACE_CLOSE, count_foreign_close, (void *)(intptr_t)getpid());
}

/* SQLite does not allow a fork while another thread is in one of its functions. The test holds the mutex during
   fork(). */
static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;
static int64_t (*read_image)(void *, int, int64_t, lade_reader_buffer *, struct lade_error *);

static int64_t read_with_mutex(void *ctx, int worker, int64_t i, lade_reader_buffer *buffer, struct lade_error *err) {
    pthread_mutex_lock(&reading);
    int64_t size = read_image(ctx, worker, i, buffer, err);
    pthread_mutex_unlock(&reading);
    return size;
}

static int free_in_child(void *ctx) {
    lade_flow_free(ctx);
    CHILD_ASSERT(foreign_closes == 0);
    return 0;
}

static int read_and_free_in_child(void *ctx) {
    struct lade_batch *b;
    pthread_mutex_unlock(&reading);
    CHILD_ASSERT(lade_flow_next(ctx, &b, NULL) == LADE_OK);
    lade_batch_unref(b);
    return free_in_child(ctx);
}

START_TEST(a_child_does_not_close_the_connections_of_its_parent) {
    struct lade_flow_options o = {.target_size = {4, 4}, .batch_size = 1, .workers = 2, .on_error = LADE_ERROR_SKIP};
    struct lade_reader reader;
    struct lade_error err = {0};
    struct lade_batch *b;
    NEED_BUSY_FORK();
    make_sources(mixed);
    make_database(tree_path("images.db"));
    ck_assert_int_eq(sqlite3_auto_extension((void (*)(void))watch_connection), SQLITE_OK);
    ck_assert_int_eq(open_sqlite_reader(tree_path("images.db"), &reader, &err), LADE_OK);
    read_image = reader.read;
    reader.read = read_with_mutex;
    lade_flow *flow = lade_flow_from_reader(&reader, &o, &err);
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_OK);
    lade_batch_unref(b);
    pthread_mutex_lock(&reading);
    in_child(_i ? read_and_free_in_child : free_in_child, flow);
    pthread_mutex_unlock(&reading);
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_OK);
    lade_batch_unref(b);
    lade_flow_free(flow);
    ck_assert_int_eq(foreign_closes, 0);
    drop_sources();
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "SQLite reader");
    tcase_add_test(tcase, a_database_has_the_batches_of_its_folders);
    tcase_add_test(tcase, an_error_has_the_name_of_the_row);
    tcase_add_loop_test(tcase, a_child_does_not_close_the_connections_of_its_parent, 0, 2);
}
