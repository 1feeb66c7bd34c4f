/*
 * module.h - loads the parts of the command that need large libraries: "draw" needs cairo, and "train" needs oneDNN.
 *            cmake/LadeCommand.cmake lists the files of each part.
 */
#ifndef LADE_CLI_TERMINAL_MODULE_H
#define LADE_CLI_TERMINAL_MODULE_H

/* Returns the address of a function in a module. The first call for a module loads the module, which stays loaded. If
   the module cannot be loaded, prints a message and returns NULL. */
void *module_function(const char *module, const char *function);

/* Calls @function with the arguments that follow it, and returns its result. Returns 0 if the module cannot be
   loaded. */
#define module_call(module, function, ...)                                                               \
    __extension__({                                                                                      \
        __typeof__(&(function)) function_ = (__typeof__(&(function)))module_function(module, #function); \
        function_ ? function_(__VA_ARGS__) : 0;                                                          \
    })

#endif
