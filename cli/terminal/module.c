/*
 * Loads modules with dlopen(), so that most subcommands do not load cairo and oneDNN, which need 30 other libraries.
 */
#define _GNU_SOURCE /* RTLD_DEFAULT */
#include "terminal/module.h"

#include <dlfcn.h>
#include <stdio.h>

#include "terminal/output.h"

void *module_function(const char *module, const char *function) {
    void *address = dlsym(RTLD_DEFAULT, function); /* a build without shared libraries has all modules in the command */
    if (address)
        return address;
    char file[64];
    snprintf(file, sizeof file, "lade-command-%s.so", module);
    void *library = dlopen(file, RTLD_NOW); /* searches the run-time library path of the command */
    address = library ? dlsym(library, function) : NULL;
    if (!address)
        out_error("cannot load a part of the command: %s", dlerror());
    return address;
}
