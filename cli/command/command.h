/*
 * command.h - what a subcommand is. The command line sees lade as any other program does: through <lade/...> only.
 */
#ifndef LADE_CLI_COMMAND_COMMAND_H
#define LADE_CLI_COMMAND_COMMAND_H

#include "terminal/exit_code.h"

struct command {
    const char *name;
    const char *summary;               /* one line, for the overview */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns an enum exit_code */
};

int cmd_synth(int argc, char **argv);
int cmd_scan(int argc, char **argv);
int cmd_flow(int argc, char **argv);
int cmd_preview(int argc, char **argv);
int cmd_train(int argc, char **argv);
int cmd_eval(int argc, char **argv);
int cmd_predict(int argc, char **argv);
int cmd_bench(int argc, char **argv);

#endif
