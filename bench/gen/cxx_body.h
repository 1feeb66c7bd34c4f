/* Declares the generators of cxx_body.cpp. */
#include "cxx_generator.h"

generator
<long> squares(long n);
generator
<long> nested(long n, long depth);
generator
<long> ones(long *closed);
