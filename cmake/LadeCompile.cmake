# Compiler options. The interface target lade-compile has the options of all libraries, programs and tests. The
# interface target lade-product adds options for targets that are installed. Users of an installed lade do not get these
# options, except -fstack-clash-protection (see below).
include(CheckCCompilerFlag)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# The assembly files are compiled with the options of C files, such as -m32 and -fcf-protection.
foreach(flags FLAGS FLAGS_DEBUG FLAGS_RELEASE FLAGS_RELWITHDEBINFO FLAGS_MINSIZEREL)
    set(CMAKE_ASM_${flags} "${CMAKE_C_${flags}} ${CMAKE_ASM_${flags}}")
endforeach()

add_library(lade-compile INTERFACE)
target_compile_options(lade-compile INTERFACE
    -Wall -Wextra -Wundef -Wvla -Wwrite-strings
    $<$<COMPILE_LANGUAGE:C>:-Wshadow>
    $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
    # Initializers of options structs leave out fields on purpose, because zero is the default of every field.
    -Wno-missing-field-initializers
    # This warning is off, because lade shortens texts with snprintf() on purpose. Whether gcc prints the warning also
    # depends on the path of the source and on sanitizers.
    $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation>
    # Fused multiply-add is off, so that a*b+c is rounded twice on every CPU and results have the same bytes everywhere.
    -ffp-contract=off)
# This definition allows files of more than 2 GB on a 32-bit system.
target_compile_definitions(lade-compile INTERFACE _FILE_OFFSET_BITS=64)
add_library(lade-product INTERFACE)
target_link_libraries(lade-product INTERFACE lade-compile)
target_compile_options(lade-product INTERFACE -Wconversion -Wno-sign-conversion)
if(LADE_WERROR)
    target_compile_options(lade-compile INTERFACE -Werror)
endif()

# Generators run on small stacks that end in a guard page. With -fstack-clash-protection, a function with a large frame
# touches every page of the frame, so the function cannot skip the guard page. The generator functions of users also
# need the option, so pkg-config and the CMake package pass the option to user programs.
check_c_compiler_flag("-Werror -fstack-clash-protection" LADE_HAS_STACK_CLASH)
if(LADE_HAS_STACK_CLASH)
    set(LADE_PUBLIC_CFLAGS -fstack-clash-protection)
endif()

# With -fno-semantic-interposition, functions of a shared library call each other directly. Without the option, each
# call uses the procedure linkage table, which takes as long as the work of a short generator. With the option, a
# program cannot replace a function such as lade_alloc() with a function of its own. The program can call
# lade_set_allocator() instead.
check_c_compiler_flag("-Werror -fno-semantic-interposition" LADE_HAS_NO_INTERPOSITION)
if(LADE_HAS_NO_INTERPOSITION)
    target_compile_options(lade-product INTERFACE -fno-semantic-interposition)
endif()

if(LADE_SANITIZE)
    target_compile_options(lade-compile INTERFACE -fsanitize=${LADE_SANITIZE} -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    target_link_options(lade-compile INTERFACE -fsanitize=${LADE_SANITIZE})
endif()
