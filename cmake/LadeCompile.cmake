# How everything of lade is compiled: one interface target, lade-compile, that libraries, command and tests share, and
# lade-product on top of it for what is installed.
# Nothing here leaks to those who use lade, but for -fstack-clash-protection (see below).
include(CheckCCompilerFlag)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(lade-compile INTERFACE)
target_compile_options(lade-compile INTERFACE
    -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wundef -Wvla -Wwrite-strings
    # zero is the default of every field of an options struct: leaving one out is what they are made for
    -Wno-missing-field-initializers
    # snprintf is here to cut; and what gcc guesses of lengths changes with the folder's name and with sanitizers
    $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation>
    # the same bytes on every machine: a compiler must not turn a*b+c into one rounding where the CPU can
    -ffp-contract=off)
add_library(lade-product INTERFACE)
target_link_libraries(lade-product INTERFACE lade-compile)
target_compile_options(lade-product INTERFACE -Wconversion -Wno-sign-conversion)
if(LADE_WERROR)
    target_compile_options(lade-compile INTERFACE -Werror)
endif()

# Generators run on small stacks that end in a guard: a frame larger than the guard must touch every page on its way, in
# the bodies that users write too. Therefore this one flag is passed on (pkg-config, CMake package).
check_c_compiler_flag("-Werror -fstack-clash-protection" LADE_HAS_STACK_CLASH)
if(LADE_HAS_STACK_CLASH)
    set(LADE_PUBLIC_CFLAGS -fstack-clash-protection)
endif()

# Calls inside the library are calls: nobody can put another lade_alloc in front of ours, nor needs to (there is
# lade_set_allocator), and a call through the linkage table costs as much as what a short generator does.
check_c_compiler_flag("-Werror -fno-semantic-interposition" LADE_HAS_NO_INTERPOSITION)
if(LADE_HAS_NO_INTERPOSITION)
    target_compile_options(lade-product INTERFACE -fno-semantic-interposition)
endif()

if(LADE_SANITIZE)
    target_compile_options(lade-compile INTERFACE -fsanitize=${LADE_SANITIZE} -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    target_link_options(lade-compile INTERFACE -fsanitize=${LADE_SANITIZE})
endif()
