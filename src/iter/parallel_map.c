/*
 * parallel_map: a function applied to items on several threads, results in the order of the items.
 *
 * A window of 2 * workers places goes round. Whoever asks for results also runs the source, on the stack where it is
 * asked: it fills every free place with an item, hands the places to the workers, and waits for the oldest result only.
 */
#include "iter/stage.h"

#include <pthread.h>
#include <unistd.h>

enum place_state { FREE, WAITING, WORKING, FINISHED };

struct team {
    lade__mapper *call;
    lade__function *f;
    size_t item_size, result_size;
    int workers, places;
    char *items, *results;
    enum place_state *state;
    pthread_t *threads;
    int started;
    pthread_mutex_t lock;
    pthread_cond_t work, result;
    int64_t given, taken, handed; /* places handed to workers, taken by them, handed on as results: counted for ever */
    int stop;
};

struct parallel_map {
    struct lade_linear linear;
    lade__mapper *call;
    lade__function *f;
    int workers;
};

static void *team_work(void *arg) {
    struct team *team = arg;
    pthread_mutex_lock(&team->lock);
    while (!team->stop) {
        if (team->taken == team->given) {
            pthread_cond_wait(&team->work, &team->lock);
            continue;
        }
        size_t at = (size_t)(team->taken++ % team->places);
        team->state[at] = WORKING;
        pthread_mutex_unlock(&team->lock);
        team->call(team->f, team->items + at * team->item_size, team->results + at * team->result_size);
        pthread_mutex_lock(&team->lock);
        team->state[at] = FINISHED;
        pthread_cond_signal(&team->result);
    }
    pthread_mutex_unlock(&team->lock);
    return NULL;
}

/* Wait for the oldest result, and put it: 0, or LADE_EXIT once nobody wants more. */
static int team_hand_on(struct team *team, struct lade_port *out) {
    size_t at = (size_t)(team->handed % team->places);
    pthread_mutex_lock(&team->lock);
    while (team->state[at] != FINISHED)
        pthread_cond_wait(&team->result, &team->lock);
    team->state[at] = FREE;
    team->handed++;
    pthread_mutex_unlock(&team->lock);
    return lade__put(out, team->results + at * team->result_size);
}

static int team_each(struct lade_port *port) {
    struct team *team = lade__stage(port)->self;
    size_t at = (size_t)(team->given % team->places);
    memcpy(team->items + at * team->item_size, lade__stage_item(port), team->item_size);
    pthread_mutex_lock(&team->lock);
    team->state[at] = WAITING;
    team->given++;
    pthread_cond_signal(&team->work);
    pthread_mutex_unlock(&team->lock);
    return team->given - team->handed == team->places ? team_hand_on(team, lade__stage(port)->out) : 0;
}

static void team_free(struct team *team) {
    pthread_mutex_lock(&team->lock);
    team->stop = 1;
    pthread_cond_broadcast(&team->work);
    pthread_mutex_unlock(&team->lock);
    for (int i = 0; i < team->started; i++)
        pthread_join(team->threads[i], NULL);
    pthread_cond_destroy(&team->work);
    pthread_cond_destroy(&team->result);
    pthread_mutex_destroy(&team->lock);
    lade_free(team->items);
    lade_free(team->results);
    lade_free(team->state);
    lade_free(team->threads);
}

static int team_start(struct team *team, struct lade_port *out) {
    const size_t places = (size_t)team->places;
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->work, NULL);
    pthread_cond_init(&team->result, NULL);
    team->items = lade_calloc(places, team->item_size);
    team->results = lade_calloc(places, team->result_size);
    team->state = lade_calloc(places, sizeof *team->state);
    team->threads = lade_calloc((size_t)team->workers, sizeof *team->threads);
    if (!team->items || !team->results || !team->state || !team->threads) {
        lade__raise(out, LADE_ENOMEM, "parallel_map: no memory for %d items", team->places);
        return LADE_ENOMEM;
    }
    for (; team->started < team->workers; team->started++) {
        int error = pthread_create(&team->threads[team->started], NULL, team_work, team);
        if (error) {
            lade__raise(out, LADE_ERUNTIME, "parallel_map: cannot start thread %d of %d: %s", team->started + 1,
                        team->workers, strerror(error));
            return LADE_ERUNTIME;
        }
    }
    return LADE_OK;
}

static void parallel_map_run(struct lade_gen *self, struct lade_port *out) {
    struct parallel_map *map = (struct parallel_map *)(void *)self;
    struct team team = {.call = map->call,
                        .f = map->f,
                        .item_size = map->linear.in.g->item_size,
                        .result_size = self->item_size,
                        .workers = map->workers,
                        .places = 2 * map->workers};
    if (!team_start(&team, out)) {
        struct lade_stage stage = {.out = out, .self = &team};
        lade__stage_drive(&stage, &map->linear.in, lade__gen_room(self), team_each);
        while (!out->pending && team.handed < team.given) /* what was made comes before an error of the source */
            team_hand_on(&team, out);
        lade__pass_exception(&stage.port, out);
    }
    team_free(&team);
    lade__input_drop(&map->linear.in);
}

struct lade_gen *lade__parallel_map(struct lade_gen *g, int fresh, size_t item_size, int arithmetic, lade__mapper *call,
                                    lade__function *f, int workers) {
    static const struct lade_gen_kind kind = {.name = "parallel_map",
                                              .frame_size = sizeof(struct parallel_map),
                                              .drain = parallel_map_run,
                                              .drop = lade__linear_drop};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct parallel_map *map = lade__linear_new(&kind, item_size, arithmetic, g ? g->item_size : 0, g, fresh);
    if (map) {
        map->call = call;
        map->f = f;
        map->workers = workers > 0 ? workers : processors > 0 ? (int)processors : 1;
    }
    return (struct lade_gen *)map;
}
