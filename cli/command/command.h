/*
 * command.h - declares the subcommands.
 */
#ifndef LADE_CLI_COMMAND_COMMAND_H
#define LADE_CLI_COMMAND_COMMAND_H

#include "terminal/exit_code.h"

struct command {
    const char *name;
    const char *summary;               /* text for the list of commands in `lade --help` */
    const char *module;                /* the module of the function cmd_NAME; NULL means the command itself */
    int (*run)(int argc, char **argv); /* used if module is NULL. argv[0] is the name of the command; returns an enum
                                          exit_code */
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
