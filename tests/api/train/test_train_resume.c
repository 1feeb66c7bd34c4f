/* Tests of checkpoints: a run that was interrupted and resumed ends with the same bytes as a run without
   interruption. */
#include "support/train_run.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The checkpoint of a run without interruption, and the checkpoint of an interrupted run. */
static char *const whole = toy_path, *const broken = toy_other_path;

static void ck_assert_same_files(const char *what, int at) {
    ck_assert_msg(toy_same_files(whole, broken),
                  "%s, interrupted at step %d: the checkpoint differs from a run without interruption", what, at);
}

enum { BATCH = 12, STEPS = 5, EPOCHS = 3 };

static const struct recipe {
    const char *spec;
    struct lade_fit_options fit;
    bool tested;
    double lr;   /* the consumer sets this learning rate before the last step of an epoch; 0: no learning rate is set */
    int threads; /* 0 means 1 */
    int64_t batch; /* 0 means BATCH */
} recipes[] = {
    {"dense 8, relu, dropout 0.3, dense 3", {.optimizer = {LADE_SGD, .lr = .1f, .momentum = .9f}}, false},
    {"dense 8, batchnorm, relu, dense 3",
     {.optimizer = {LADE_ADAM, .weight_decay = .01f}, .schedule = {LADE_COSINE, .warmup = 3}, .accumulate = 2},
     true},
    {"dense 8, tanh, dense 3",
     {.optimizer = {LADE_RMSPROP, .momentum = .5f},
      .schedule = {LADE_PLATEAU, .epochs = 1, .factor = .5f},
      .accumulate = LADE_FULL_BATCH},
     true},
    {"dense 3", {.optimizer = {LADE_ADAGRAD}, .schedule = {LADE_EXPONENTIAL}, .global_clipnorm = .1f}, false},
    {"dense 3", {.optimizer = {LADE_ADAM}, .schedule = {LADE_PLATEAU}, .accumulate = 2}, false},
    {"dense 8, batchnorm, relu, dropout 0.3, dense 3",
     {.optimizer = {LADE_ADAMW}, .global_clipnorm = 1, .accumulate = 2},
     true,
     .threads = 2,
     .batch = 18}, /* with this size, each batch of an epoch is divided between the two threads */
    {"dense 8, residual(batchnorm, relu, dropout 0.3, dense 8 | concat(dense 4 | tanh, residual(dense 8), dense 4)), "
     "relu, dense 3",
     {.optimizer = {LADE_ADAM}, .global_clipnorm = 1},
     true},
    {"dense 3", {.optimizer = {LADE_SGD}, .schedule = {LADE_COSINE, .warmup = 7}}, false, .lr = .03},
    {"dense 8, batchnorm, relu, dense 3",
     {.optimizer = {LADE_ADAM, .lr = .2f}, .restore_best_weights = true, .accumulate = 2},
     true},
};
#define RECIPES ((int)(sizeof recipes / sizeof *recipes))

/*
 * Begins a run, or resumes the run in @path if @resume is true. Stops the run after @stop steps; 0 means that the run
 * continues to its end. @every is the option checkpoint_every. Returns the number of steps.
 */
static int train_for(const struct recipe *recipe, const char *path, bool resume, int stop, int every) {
    struct toy toy = {.arms = 3, .batch = recipe->batch ? recipe->batch : BATCH, .steps = STEPS, .seed = 1},
               test = {.arms = 3, .batch = 9, .steps = 2};
    struct lade_error err = {0};
    struct lade_net_options options = {.seed = resume ? 0 : 1, .threads = recipe->threads ? recipe->threads : 1};
    lade_net *net = resume ? lade_net_load(path, options.threads, &err)
                           : lade_net_new(recipe->spec, 1, (int64_t[]){2}, &options, &err);
    ck_assert_msg(net != NULL, "%s", err.message);
    struct lade_fit_options fit = recipe->fit;
    fit.epochs = EPOCHS;
    fit.yield_every = 1;
    fit.checkpoint = path;
    fit.checkpoint_every = every;
    fit.resume = resume ? path : NULL;
    if (recipe->tested)
        fit.validation = toy_source(&test);
    int steps = 0;
    lade_for_each (m, lade_fit(net, toy_source(&toy), &fit), &err) {
        ck_assert_int_le(m->samples, m->step * toy.batch);
        if (recipe->lr > 0 && m->step == STEPS - 1)
            m->lr = recipe->lr;
        if (++steps == stop)
            break;
    }
    ck_assert_msg(err.code == LADE_OK, "%s", err.message);
    toy_close(&toy);
    toy_close(&test);
    lade_net_free(net);
    return steps;
}

START_TEST(interrupted_after_any_step_a_run_ends_with_the_same_bytes) {
    const struct recipe *recipe = &recipes[_i];
    if (check_under_valgrind() && _i != 1)
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    ck_assert_int_eq(train_for(recipe, whole, false, 0, 0), EPOCHS * STEPS);
    for (int stop = 1; stop <= EPOCHS * STEPS; stop += check_under_valgrind() ? EPOCHS * STEPS : 1) {
        train_for(recipe, broken, false, stop, 0);
        ck_assert_int_eq(train_for(recipe, broken, true, 0, 0), EPOCHS * STEPS - stop);
        ck_assert_same_files(recipe->spec, stop);
    }
    if (check_under_valgrind())
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    train_for(recipe, broken, false, 1, 0); /* interrupted after each step */
    for (int step = 1; step < EPOCHS * STEPS; step++)
        ck_assert_int_eq(train_for(recipe, broken, true, 1, 0), 1);
    ck_assert_int_eq(train_for(recipe, broken, true, 0, 0), 0); /* the run is finished */
    ck_assert_same_files(recipe->spec, -1);
}
END_TEST

/* If a run is interrupted in the middle of an epoch and resumed, the metrics are means over the whole epoch. */
START_TEST(metrics_continue) {
    if (check_under_valgrind())
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    struct lade_metrics last[2] = {0}; /* metrics of a run without interruption, and of a run that is interrupted
                                          after 3 steps */
    for (int interrupted = 0; interrupted < 2; interrupted++)
        for (int resumed = 0; resumed <= interrupted; resumed++) {
            struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1};
            lade_net *net = toy_net("dense 3", 1);
            struct lade_fit_options fit = {
                .yield_every = 1, .checkpoint = broken, .resume = resumed == 1 ? broken : NULL};
            lade_for_each (m, lade_fit(net, toy_source(&toy), &fit)) {
                last[interrupted] = *m;
                if (interrupted && resumed == 0 && m->step == 3)
                    break;
            }
            toy_close(&toy);
            lade_net_free(net);
        }
    ck_assert_int_eq(last[0].samples, STEPS * BATCH - 1);
    ck_assert_int_eq(last[1].samples, STEPS * BATCH - 1);
    ck_assert_int_eq(last[1].step, STEPS);
    ck_assert_double_eq(last[0].loss, last[1].loss);
    ck_assert_double_eq(last[0].accuracy, last[1].accuracy);
}
END_TEST

/* With the option replay, a resumed run first yields the metrics of the epochs before the interruption. Assignments
   to these metrics have no effect. */
START_TEST(a_replay_yields_all_epochs) {
    if (check_under_valgrind())
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    struct lade_metrics ends_of[2][EPOCHS] = {0};
    for (int interrupted = 0; interrupted < 2; interrupted++)
        for (int resumed = 0; resumed <= interrupted; resumed++) {
            struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1},
                       test = {.arms = 3, .batch = 9, .steps = 2};
            lade_net *net = toy_net("dense 3", 1);
            struct lade_fit_options fit = {.epochs = EPOCHS,
                                           .yield_every = 1,
                                           .validation = toy_source(&test),
                                           .checkpoint = interrupted ? broken : whole,
                                           .resume = resumed ? broken : NULL,
                                           .replay = true};
            int ends = 0, replays = 0;
            lade_for_each (m, lade_fit(net, toy_source(&toy), &fit)) {
                ck_assert(!m->replayed ||
                          (m->epoch_end && resumed && m->seconds == 0 && m->images_per_s == 0 && m->lr == 0));
                ck_assert_int_eq(m->epochs, EPOCHS);
                replays += m->replayed;
                if (m->epoch_end)
                    ends_of[interrupted][ends++] = *m;
                if (m->replayed)
                    m->lr = 1e9;
                if (interrupted && resumed == 0 && m->epoch == 2 && m->step == 3)
                    break;
            }
            ck_assert_int_eq(replays, resumed ? 2 : 0);
            ck_assert_int_eq(ends, interrupted && resumed == 0 ? 2 : EPOCHS);
            toy_close(&toy);
            toy_close(&test);
            lade_net_free(net);
        }
    for (int i = 0; i < EPOCHS; i++) {
        const struct lade_metrics *a = &ends_of[0][i], *b = &ends_of[1][i];
        ck_assert(a->epoch == i && b->epoch == i && a->samples == b->samples && a->step == b->step);
        ck_assert(a->loss == b->loss && a->accuracy == b->accuracy && a->val_loss == b->val_loss &&
                  a->val_accuracy == b->val_accuracy);
    }
    ck_assert_double_eq(ends_of[1][0].last_lr, 0.01f);
    ck_assert_same_files("replay", 13);
}
END_TEST

/* If the validation of an epoch fails, the resumed run repeats this validation. It does not repeat the epoch. */
START_TEST(a_validation_that_fails_costs_no_epoch) {
    const struct recipe *recipe = &recipes[1];
    train_for(recipe, whole, false, 0, 0);
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1},
               test = {.arms = 3, .batch = 9, .steps = 2, .broken = 4};
    struct lade_error err = {0};
    lade_net *net =
        lade_net_new(recipe->spec, 1, (int64_t[]){2}, &(struct lade_net_options){.seed = 1, .threads = 1}, &err);
    struct lade_fit_options fit = recipe->fit;
    fit.epochs = EPOCHS;
    fit.checkpoint = broken;
    fit.validation = toy_source(&test);
    int ends = 0;
    lade_for_each (m, lade_fit(net, toy_source(&toy), &fit), &err) {
        ends += m->epoch_end;
    }
    ck_assert_int_eq(err.code, LADE_EIO);
    ck_assert_int_eq(ends, 1);
    toy_close(&toy);
    toy_close(&test);
    lade_net_free(net);
    /* The item at the end of the second epoch, and the items of the third epoch. */
    ck_assert_int_eq(train_for(recipe, broken, true, 0, 0), 1 + STEPS);
    ck_assert_same_files("validation", 2);
}
END_TEST

/* ---- Killed processes -------------------------------------------------------------------------------------------- */

/* Trains in a child process. If the file `broken` exists, the child resumes the run in this file. The child writes a
   checkpoint after each step. Kills the child after @microseconds; 0 means never. Returns true if the run was
   finished. */
static bool train_until_killed(const struct recipe *recipe, long microseconds) {
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        train_for(recipe, broken, access(broken, F_OK) == 0, 0, 1);
        _exit(0);
    }
    if (microseconds > 0) {
        nanosleep(&(struct timespec){0, microseconds * 1000}, NULL);
        kill(child, SIGKILL);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFSIGNALED(status) || WEXITSTATUS(status) == 0, "the training process failed");
    return !WIFSIGNALED(status);
}

START_TEST(killed_at_any_time_a_run_ends_with_the_same_bytes) {
    const struct recipe *recipe = &recipes[_i];
    int kills = getenv("LADE_KILLS") ? atoi(getenv("LADE_KILLS")) : 3;
    if (check_under_valgrind())
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    train_for(recipe, whole, false, 0, 1);
    struct lade_random r;
    /* The seed is the time, so that each run of the test kills the processes at different moments. */
    lade_random_init(&r, (uint64_t)time(NULL), 0, 0, LADE_RANDOM_USER);
    for (int i = 0; i < kills; i++)
        if (train_until_killed(recipe, 1 + (long)lade_random_below(&r, 60000)))
            unlink(broken); /* the run is finished; without the file, the next process begins a new run */
    ck_assert(train_until_killed(recipe, 0));
    char temporary[96];
    snprintf(temporary, sizeof temporary, "%s.tmp", broken);
    unlink(temporary); /* the temporary file of a killed process */
    ck_assert_same_files(recipe->spec, kills);
}
END_TEST

/* A run is interrupted between two batches of an update. If the second batch is empty, the gradient of the update comes
   only from the checkpoint. */
START_TEST(a_pending_gradient_needs_no_other_batch) {
    for (int interrupted = 0; interrupted < 2; interrupted++)
        for (int resumed = 0; resumed <= interrupted; resumed++) {
            struct toy toy = {.arms = 3, .batch = BATCH, .steps = 2, .seed = 1, .empty = 1};
            struct lade_fit_options fit = {.accumulate = 2, .yield_every = 1};
            fit.checkpoint = interrupted ? broken : whole;
            fit.resume = resumed ? broken : NULL;
            lade_net *net = toy_net("dense 8, relu, dense 3", 1);
            struct lade_error err = {0};
            lade_for_each (m, lade_fit(net, toy_source(&toy), &fit), &err)
                if (interrupted && !resumed && m->step == 1)
                    break;
            ck_assert_msg(err.code == LADE_OK, "%s", err.message);
            toy_close(&toy);
            lade_net_free(net);
        }
    ck_assert_same_files("pending", 1);
}
END_TEST

/* ---- Runs that cannot be resumed --------------------------------------------------------------------------------- */

/* Resumes the run in `broken` and returns its error. If the checkpoint is refused, the net must be unchanged. If
   @state is false, the source has no state_set(). */
static struct lade_error resume_with(const char *spec, struct lade_net_options net_options,
                                     const struct lade_fit_options *fit, bool state) {
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1};
    struct lade_error err = {0};
    lade_net *net = lade_net_new(spec, 1, (int64_t[]){2}, &net_options, &err);
    struct lade_source source = toy_source(&toy);
    struct lade_fit_options options = *fit;
    options.resume = broken;
    if (!state)
        source.state_set = NULL;
    float before[TOY_PREDICTIONS], after[TOY_PREDICTIONS];
    toy_predict(net, before);
    lade_for_each (m, lade_fit(net, source, &options), &err) {
        (void)m;
    }
    toy_predict(net, after);
    ck_assert_msg(err.code == LADE_OK || err.code == LADE_ENUMERIC || memcmp(before, after, sizeof before) == 0,
                  "the checkpoint was refused, but the net has changed: %s", err.message);
    toy_close(&toy);
    lade_net_free(net);
    return err;
}

START_TEST(the_error_names_the_difference) {
    static const float weights[] = {1, 2, 1};
    const struct {
        const char *spec;
        struct lade_net_options net;
        struct lade_fit_options fit;
        int code;
        const char *subject, *value;
    } cases[] = {
        {"dense 3", {.seed = 1, .threads = 1}, {.epochs = 9}, LADE_OK, "", ""},
        {"dense 4, dense 3", {.seed = 1, .threads = 1}, {.epochs = 1}, LADE_EMISMATCH, "lade.spec", "\"dense 3\""},
        {"dense 3", {.seed = 2, .threads = 1}, {.epochs = 1}, LADE_EMISMATCH, "lade.seed", "2"},
        {"dense 3",
         {.seed = 1, .threads = 1, .loss = LADE_MEAN_SQUARED_ERROR},
         {.epochs = 1},
         LADE_EMISMATCH,
         "lade.loss",
         "mean_squared_error"},
        {"dense 3",
         {.seed = 1, .threads = 1},
         {.optimizer = {LADE_ADAM}},
         LADE_EMISMATCH,
         "optimizer",
         "was \"sgd\" when the run was saved and is \"adam\" now"},
        {"dense 3", {.seed = 1, .threads = 1}, {.optimizer = {.lr = .5f}}, LADE_EMISMATCH, "lr", "0.5"},
        {"dense 3", {.seed = 1, .threads = 1}, {.schedule = {LADE_COSINE}}, LADE_EMISMATCH, "schedule", "cosine"},
        {"dense 3", {.seed = 1, .threads = 1}, {.class_weight = weights}, LADE_EMISMATCH, "class_weight", "[]"},
        {"dense 3", {.seed = 1, .threads = 1}, {.steps_per_epoch = 2}, LADE_EMISMATCH, "steps_per_epoch", "5"},
        {"dense 3", {.seed = 1, .threads = 2}, {.epochs = 1}, LADE_EMISMATCH, "threads", "allow_different"},
        {"dense 3", {.seed = 1, .threads = 2}, {.epochs = 9, .allow_different = true}, LADE_OK, "", ""},
    };
    train_for(&(struct recipe){"dense 3", {.optimizer = {0}}, false}, broken, false, 7, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade_error err = resume_with(cases[i].spec, cases[i].net, &cases[i].fit, true);
        ck_assert_msg(err.code == cases[i].code && strstr(err.message, cases[i].value), "case %zu: %d, %s", i, err.code,
                      err.message);
        ck_assert_str_eq(err.subject, cases[i].subject);
        ck_assert(err.code == LADE_OK || strncmp(err.message, broken, strlen(broken)) == 0);
    }
    struct lade_net_options same = {.seed = 1, .threads = 1};
    struct lade_error err = resume_with("dense 3", same, &(struct lade_fit_options){.epochs = 1}, false);
    ck_assert_int_eq(err.code, LADE_EUNSUPPORTED);
    ck_assert_str_eq(err.subject, "source");
    lade_net *net = lade_net_new("dense 3", 1, (int64_t[]){2}, &same, NULL);
    ck_assert_int_eq(lade_net_save(net, broken, NULL), LADE_OK);
    lade_net_free(net);
    err = resume_with("dense 3", same, &(struct lade_fit_options){.epochs = 1}, true);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, broken);
    unlink(broken);
    ck_assert_int_eq(resume_with("dense 3", same, &(struct lade_fit_options){.epochs = 1}, true).code, LADE_ENOENT);
}
END_TEST

/* Changes single bytes of the saved state. The result is an error or a resumed run, never a crash. */
START_TEST(a_damaged_state_never_crashes) {
    if (check_under_valgrind())
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    train_for(&recipes[1], broken, false, 7, 0);
    size_t size;
    char *bytes = toy_read_file(broken, &size);
    size_t at = (size_t)(strstr(bytes + 8, "lade.run") - bytes);
    int refused = 0;
    struct lade_net_options same = {.seed = 1, .threads = 1};
    struct lade_fit_options fit = recipes[1].fit;
    for (size_t i = 0; i < 1200; i += 7) {
        char kept = bytes[at + i];
        bytes[at + i] = i % 3 ? '9' : '-';
        FILE *f = fopen(broken, "wb");
        fwrite(bytes, 1, size, f);
        fclose(f);
        struct lade_error err = resume_with(recipes[1].spec, same, &fit, true);
        ck_assert(err.code == LADE_OK || strstr(err.message, broken) || err.code == LADE_ENUMERIC);
        refused += err.code != LADE_OK;
        bytes[at + i] = kept;
    }
    ck_assert_int_gt(refused, 100); /* the test changes 172 files */
    free(bytes);
}
END_TEST

/* Writes the file @bytes to `broken`, with @from replaced by @to. */
static void put_changed(const char *bytes, size_t size, const char *from, const char *to) {
    const char *at = strstr(bytes + 8, from);
    ck_assert_msg(at != NULL, "%s", from);
    size_t length = 0, before = (size_t)(at - bytes), rest = size - before - strlen(from);
    for (int i = 7; i >= 0; i--)
        length = length << 8 | (unsigned char)bytes[i];
    length += strlen(to) - strlen(from);
    FILE *f = fopen(broken, "wb");
    for (int i = 0; i < 8; i++)
        putc((int)(length >> (8 * i) & 255), f);
    fwrite(bytes + 8, 1, before - 8, f);
    fputs(to, f);
    fwrite(at + strlen(from), 1, rest, f);
    fclose(f);
}

#define FIELD(name) "\\\"" name "\\\":"

/* A checkpoint with a number that no run can have is refused. The error names the number, and the net does not
   change. */
START_TEST(impossible_numbers_are_refused_by_name) {
    static const struct {
        const char *from, *to, *name;
    } cases[] = {
        {FIELD("epoch") "1", FIELD("epoch") "2147483647", "epoch"},
        {FIELD("epoch") "1", FIELD("epoch") "4294967297", "epoch"},
        {FIELD("epoch") "1", FIELD("epoch") "-1", "epoch"},
        {FIELD("epoch") "1", FIELD("epoch") "1.0", "epoch"},
        {FIELD("epoch") "1", FIELD("epoch") "0", "history"},
        {FIELD("step") "3", FIELD("step") "6", "step"},
        {FIELD("updates") "4", FIELD("updates") "9223372036854775807", "updates"},
        {FIELD("updates") "4", FIELD("updates") "-4", "updates"},
        {FIELD("clock") "8", FIELD("clock") "-8", "clock"},
        {FIELD("base_lr"),
         FIELD("base_lr") "-1"
                          "," FIELD("b"),
         "base_lr"},
        {FIELD("base_lr"),
         FIELD("base_lr") "null"
                          "," FIELD("b"),
         "base_lr"},
        {FIELD("tally") "[36", FIELD("tally") "[-36", "tally"},
        {FIELD("tally") "[36", FIELD("tally") "[9223372036854775807", "tally"},
        {FIELD("tally") "[36", FIELD("tally") "[36,\\\"36\\\"", "tally"},
        {FIELD("pending") "[1", FIELD("pending") "[2", "pending"},
        {FIELD("pending") "[1", FIELD("pending") "[1,-1", "pending"},
        {FIELD("plateau") "[1.0", FIELD("plateau") "[1.5", "plateau"},
        {FIELD("plateau") "[1.0", FIELD("plateau") "[-1", "plateau"},
        {FIELD("plateau") "[", FIELD("plateau") "[1.0,null,-1]," FIELD("p") "[", "plateau"},
        {FIELD("history") "[[59", FIELD("history") "[[-59", "history"},
        {FIELD("history") "[[59", FIELD("history") "[[59,\\\"59\\\"", "history"},
        {FIELD("history") "[[59", FIELD("history") "[[9223372036854775807", "history"},
    };
    struct lade_net_options same = {.seed = 1, .threads = 1};
    struct lade_fit_options fit = recipes[4].fit;
    train_for(&recipes[4], broken, false, 8, 0);
    size_t size;
    char *bytes = toy_read_file(broken, &size), want[64];
    put_changed(bytes, size, "lade.run", "lade.run");
    ck_assert_int_eq(resume_with(recipes[4].spec, same, &fit, true).code, LADE_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put_changed(bytes, size, cases[i].from, cases[i].to);
        struct lade_error err = resume_with(recipes[4].spec, same, &fit, true);
        snprintf(want, sizeof want, ": %s", cases[i].name);
        ck_assert_msg(err.code == LADE_EFORMAT && strstr(err.message, want), "%s: %d, %s", cases[i].to, err.code,
                      err.message);
        ck_assert_str_eq(err.subject, broken);
    }
    free(bytes);
}
END_TEST

/* If the loop sets the learning rate near the end of a cosine schedule, a run that is resumed with more epochs also
   uses this learning rate. */
START_TEST(a_learning_rate_survives_more_epochs) {
    for (int written = 0; written < 2; written++)
        for (int keeps = 0; keeps < 2; keeps++)
            for (int resumed = 0; resumed < 2; resumed++) {
                struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1};
                lade_net *net = toy_net("dense 3", 1);
                struct lade_fit_options fit = {.optimizer = {LADE_SGD, .lr = .1f},
                                               .schedule = {LADE_COSINE},
                                               .epochs = resumed ? 2 : 1,
                                               .keep_schedule = keeps,
                                               .yield_every = 1,
                                               .checkpoint = broken,
                                               .resume = resumed ? broken : NULL};
                struct lade_error err = {0};
                lade_for_each (m, lade_fit(net, toy_source(&toy), &fit), &err) {
                    if (!resumed && written && m->epoch_end)
                        m->lr = 1e-4;
                    if (!resumed)
                        continue;
                    ck_assert_double_eq(m->resumed_lr, written ? 1e-4 : 0);
                    if (m->step == 1)
                        ck_assert_double_eq_tol(m->last_lr, written ? 1e-4 : keeps ? 0 : .05, 1e-8);
                }
                ck_assert_msg(err.code == LADE_OK, "%s", err.message);
                toy_close(&toy);
                lade_net_free(net);
            }
}
END_TEST

/* LADE_PLATEAU multiplies the learning rate by a factor. If this factor has become 0 by underflow, a checkpoint can
   still restore it. */
START_TEST(a_factor_that_underflows_is_restored) {
    for (int resumed = 0; resumed < 2; resumed++) {
        struct toy toy = {.arms = 3, .batch = BATCH, .steps = 1, .seed = 1};
        lade_net *net = toy_net("dense 3", 1);
        struct lade_fit_options fit = {.optimizer = {LADE_SGD, .lr = 1e30f},
                                       .schedule = {LADE_PLATEAU, .epochs = 1, .factor = 1e-38f, .eps = LADE_OFF},
                                       .epochs = resumed ? 80 : 60,
                                       .checkpoint = broken,
                                       .resume = resumed ? broken : NULL};
        fit.clipvalue = 1e-37f; /* the parameters hardly change, so no epoch has progress */
        struct lade_error err = {0};
        double lr = 1;
        lade_for_each (m, lade_fit(net, toy_source(&toy), &fit), &err)
            lr = m->lr;
        ck_assert_msg(err.code == LADE_OK, "%s", err.message);
        ck_assert(lr == 0);
        toy_close(&toy);
        lade_net_free(net);
    }
}
END_TEST

/* The best epoch in a checkpoint must be an epoch that is finished. */
START_TEST(an_impossible_best_epoch_is_refused) {
    static const char *const changed[] = {FIELD("best") "[1,true]", FIELD("best") "[-2,true]",
                                          FIELD("best") "[-1,true]", FIELD("best") "[0.5,true]"};
    const struct recipe *recipe = &recipes[RECIPES - 1];
    struct lade_net_options same = {.seed = 1, .threads = 1};
    struct lade_fit_options fit = recipe->fit;
    struct toy test = {.arms = 3, .batch = 9, .steps = 2};
    size_t size;
    train_for(recipe, broken, false, 8, 0);
    char *bytes = toy_read_file(broken, &size);
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
        fit.validation = toy_source(&test);
        put_changed(bytes, size, FIELD("best") "[0,true]", changed[i]);
        struct lade_error err = resume_with(recipe->spec, same, &fit, true);
        ck_assert_error(err.code, &err, LADE_EFORMAT, broken);
    }
    toy_close(&test);
    free(bytes);
}
END_TEST

/* LADE_PLATEAU depends on the validation loss. So a run can only be resumed with the same number of validation
   batches. */
START_TEST(another_validation_is_refused) {
    static const struct {
        int64_t was, is; /* steps of the validation; 0: no validation */
        const char *subject;
    } cases[] = {{0, 2, "validation"}, {2, 0, "validation"}, {2, 1, "validation_steps"}, {2, 2, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade_error err = {0};
        for (int resumed = 0; resumed < 2; resumed++) {
            int64_t steps = resumed ? cases[i].is : cases[i].was;
            struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1},
                       test = {.arms = 3, .batch = 9, .steps = 2};
            lade_net *net = toy_net("dense 3", 1);
            struct lade_fit_options fit = {.checkpoint = resumed ? NULL : broken,
                                           .resume = resumed ? broken : NULL,
                                           .schedule = {LADE_PLATEAU},
                                           .validation_steps = steps};
            if (steps)
                fit.validation = toy_source(&test);
            lade_for_each (m, lade_fit(net, toy_source(&toy), &fit), &err) {
                (void)m;
            }
            toy_close(&toy);
            toy_close(&test);
            lade_net_free(net);
            ck_assert(resumed || err.code == LADE_OK);
        }
        ck_assert_str_eq(err.subject, cases[i].subject);
        ck_assert_msg(err.code == (*cases[i].subject ? LADE_EMISMATCH : 0), "case %zu: %d, %s", i, err.code,
                      err.message);
    }
}
END_TEST

static int latin1_state(void *ctx, char **out, struct lade_error *err) {
    (void)ctx;
    (void)err;
    *out = lade_strdup("caf\xe9");
    return LADE_OK;
}

START_TEST(a_state_that_is_not_utf8_is_refused) {
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1};
    lade_net *net = toy_net("dense 3", 1);
    struct lade_source source = toy_source(&toy);
    struct lade_error err = {0};
    source.state_get = latin1_state;
    lade_for_each (m, lade_fit(net, source, &(struct lade_fit_options){.checkpoint = broken}), &err) {
        (void)m;
    }
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "source");
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

/* Writes a file that contains only the header @header. */
static void put_header(const char *header, size_t length) {
    FILE *f = fopen(broken, "wb");
    ck_assert_ptr_nonnull(f);
    for (int i = 0; i < 8; i++)
        putc((int)(length >> (8 * i) & 255), f);
    fwrite(header, 1, length, f);
    fclose(f);
}

/* A run reads its checkpoint on the stack of a generator, which has 64 KiB. Deeply nested JSON must be refused
 * before it is parsed. */
START_TEST(deep_nesting_is_refused_on_the_stack_of_a_generator) {
    enum { LEVELS = 2000, CLOSED = 2 * LEVELS };
    struct lade_net_options same = {.seed = 1, .threads = 1};
    char deep[CLOSED + 1], *header = calloc(1, 1 << 14);
    memset(deep, '[', LEVELS);
    memset(deep + LEVELS, ']', LEVELS);
    deep[CLOSED] = '\0';
    int length = sprintf(header, "{\"a\":%s}", deep);
    put_header(header, (size_t)length);
    struct lade_error err = resume_with("dense 3", same, &(struct lade_fit_options){.epochs = 1}, true);
    ck_assert_int_eq(err.code, LADE_EFORMAT);
    ck_assert_str_eq(err.subject, broken);
    length = sprintf(header, "{\"__metadata__\":{\"lade.run\":\"%s\"}}", deep);
    put_header(header, (size_t)length);
    err = resume_with("dense 3", same, &(struct lade_fit_options){.epochs = 1}, true);
    ck_assert_int_eq(err.code, LADE_EFORMAT);
    ck_assert_msg(strstr(err.message, "\"lade.run\""), "%s", err.message);
    free(header);
}
END_TEST

/* A limit on the size of files simulates a full disk. */
START_TEST(a_full_disk_keeps_the_last_checkpoint) {
    train_for(&recipes[0], broken, false, 7, 0);
    train_for(&recipes[0], whole, false, 7, 0);
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 1000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1};
    lade_net *net = toy_net("dense 3", 1);
    struct lade_error err = {0};
    lade_for_each (m, lade_fit(net, toy_source(&toy), &(struct lade_fit_options){.checkpoint = broken}), &err) {
        (void)m;
    }
    setrlimit(RLIMIT_FSIZE, &before);
    ck_assert_int_eq(err.code, LADE_ELIMIT); /* the error of the limit; a full disk gives LADE_EIO */
    ck_assert_str_eq(err.subject, broken);
    ck_assert_same_files("full", 7);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "resume");
    tcase_add_checked_fixture(tcase, toy_make_files, toy_remove_files);
    tcase_add_loop_test(tcase, interrupted_after_any_step_a_run_ends_with_the_same_bytes, 0, RECIPES);
    tcase_add_test(tcase, metrics_continue);
    tcase_add_test(tcase, a_pending_gradient_needs_no_other_batch);
    tcase_add_test(tcase, a_validation_that_fails_costs_no_epoch);
    tcase_add_test(tcase, a_replay_yields_all_epochs);
    tcase_add_loop_test(tcase, killed_at_any_time_a_run_ends_with_the_same_bytes, 0, 2);
    tcase_add_test(tcase, the_error_names_the_difference);
    tcase_add_test(tcase, a_damaged_state_never_crashes);
    tcase_add_test(tcase, impossible_numbers_are_refused_by_name);
    tcase_add_test(tcase, a_learning_rate_survives_more_epochs);
    tcase_add_test(tcase, a_factor_that_underflows_is_restored);
    tcase_add_test(tcase, an_impossible_best_epoch_is_refused);
    tcase_add_test(tcase, another_validation_is_refused);
    tcase_add_test(tcase, a_state_that_is_not_utf8_is_refused);
    tcase_add_test(tcase, deep_nesting_is_refused_on_the_stack_of_a_generator);
    tcase_add_test(tcase, a_full_disk_keeps_the_last_checkpoint);
}
