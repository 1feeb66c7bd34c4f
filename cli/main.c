/*
 * lade - runs a subcommand, and does the setup and the cleanup that all subcommands need.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lade/base.h>
#include <lade/gen.h>
#include <lade/image.h>

#include "command/command.h"
#include "terminal/interrupt.h"
#include "terminal/module.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

static const struct command commands[] = {
    {"synth", "draw a sample data set of labelled images", "draw", NULL},
    {"scan", "count the images of a directory: classes, formats, sizes, invalid files", NULL, cmd_scan},
    {"flow", "stream batches of images, and report speed and memory", NULL, cmd_flow},
    {"preview", "draw a contact sheet of an augmented batch", NULL, cmd_preview},
#if LADE_WITH_TRAIN
    {"train", "train a net on images", "train", NULL},
    {"eval", "test a trained net: accuracy and confusion matrix", "train", NULL},
    {"predict", "predict the classes of images with a trained net", "train", NULL},
#endif
    {"bench", "compare the speed of a stream with libjpeg-turbo alone", NULL, cmd_bench},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_overview(FILE *f) {
    fprintf(f, "lade - streams batches of images from directories, and trains nets on them\n\n"
               "Usage: lade COMMAND [argument ...] [option ...]\n\n"
               "Commands:\n");
    for (int i = 0; i < COMMANDS; i++)
        fprintf(f, "  %-10s%s\n", commands[i].name, commands[i].summary);
    fprintf(
        f,
        "\n  lade COMMAND --help   print the options of a command, with examples\n"
        "  lade --version        print the version and the image formats\n\n"
        "A directory of images has one folder for each class:  photos/cat/001.jpg  photos/dog/001.jpg\n"
        "To try it:  lade synth shapes && lade preview shapes -o shapes.png && lade train shapes --target-size 32\n");
}

/* Prints the version. The second line contains the image formats and the suffixes of their file names. */
static int print_version(void) {
    out_print("lade %s\nformats:", lade_version());
    for (int f = LADE_FORMAT_UNKNOWN + 1; f < LADE_FORMAT_COUNT; f++) {
        const struct lade_format_info *format = lade_format_info((enum lade_format)f);
        out_print("%s %s (", f > LADE_FORMAT_UNKNOWN + 1 ? "," : "", format->name);
        for (const char *const *suffix = format->suffixes; *suffix; suffix++)
            out_print("%s.%s", suffix > format->suffixes ? " " : "", *suffix);
        out_print("%s)", format->readable ? "" : "; not in this build");
    }
    out_print("\n");
    return EXIT_OK;
}

static const struct command *find_command(const char *name) {
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int print_unknown_command(const char *name) {
    const char *names[COMMANDS + 3] = {[COMMANDS] = "--help", "--version", NULL};
    for (int i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    char *given = text_escape(name);
    const char *near = text_closest(name, names);
    const char *what = name[0] == '-' ? "option" : "command";
    int code = near ? out_usage("unknown %s %s; did you mean %s?", what, given, near)
                    : out_usage("unknown %s %s", what, given);
    free(given);
    return code;
}

/* Calls the function of a subcommand. */
static int run_command(const struct command *command, int argc, char **argv) {
    if (!command->module)
        return command->run(argc, argv);
    char function[32];
    snprintf(function, sizeof function, "cmd_%s", command->name);
    __typeof__(command->run) in_module = (__typeof__(command->run))module_function(command->module, function);
    return in_module ? in_module(argc, argv) : EXIT_FAILED;
}

static int run(int argc, char **argv) {
    if (argc < 2) {
        print_overview(stderr);
        return EXIT_USAGE;
    }
    bool help = strcmp(argv[1], "help") == 0;
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || (help && argc == 2)) {
        print_overview(stdout);
        return EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        return print_version();
    }
    const struct command *command = find_command(argv[help ? 2 : 1]);
    if (!command)
        return print_unknown_command(argv[help ? 2 : 1]);
    out_command(command->name);
    if (help) {
        char flag[] = "--help";
        return run_command(command, 2, (char *[]){argv[2], flag, NULL});
    }
    return run_command(command, argc - 1, argv + 1);
}

int main(int argc, char **argv) {
    lade_explain_overflow();
    out_open();
    interrupt_install();
    terminal_init();
    int code = run(argc, argv);
    progress_end();
    if (code == EXIT_INTERRUPTED)
        out_error("interrupted (%s)", strsignal(interrupt_signal()));
    code = out_close(code);
    code = code == EXIT_INTERRUPTED ? 128 + interrupt_signal() : code;
    if (interrupt_abandoned()) /* exit() would destroy data that other threads use */
        _exit(code);
    return code;
}
