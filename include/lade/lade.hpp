/*
 * lade/lade.hpp - includes the C++ headers for generators: lade::generator<T> and lade::error (gen.hpp), sources,
 * combinators and reducers (iter.hpp). Needs C++17 and exceptions. Link with -llade. <lade/short.hpp> defines the words
 * `generator`, `yield`, ... without a prefix. <lade/flow.hpp> has streams of batches, and needs -llade-data.
 */
#ifndef LADE_LADE_HPP
#define LADE_LADE_HPP

#include <lade/lade.h>

#include <lade/gen.hpp>
#include <lade/iter.hpp>

#endif
