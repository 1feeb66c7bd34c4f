/*
 * lade/lade.hpp - includes the C++ headers for generators: gen.hpp (lade::generator<T> and lade::error) and iter.hpp
 * (sources, combinators and reducers). The headers need C++17 and exceptions. Link with -llade. <lade/short.hpp>
 * defines the macros `generator`, `yield`, ... without a prefix. <lade/flow.hpp> has streams of batches, and needs
 * -llade-data.
 */
#ifndef LADE_LADE_HPP
#define LADE_LADE_HPP

#include <lade/lade.h>

#include <lade/gen.hpp>
#include <lade/iter.hpp>

#endif
