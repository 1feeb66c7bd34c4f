/* Declares the generators of lade_body.c. */
#include <lade/gen.h>

lade_generator_decl(long, squares, long, n);
lade_generator_decl(long, nested, long, n, long, depth);
lade_generator_decl(long, ones, long *, closed);
