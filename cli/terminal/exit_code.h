/*
 * exit_code.h - defines the exit codes of all commands.
 */
#ifndef LADE_CLI_TERMINAL_EXIT_CODE_H
#define LADE_CLI_TERMINAL_EXIT_CODE_H

/* main() replaces EXIT_INTERRUPTED with 128 plus the number of the signal. The exit code after Ctrl-C is 130. */
enum exit_code { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_INTERRUPTED = 128 };

#endif
