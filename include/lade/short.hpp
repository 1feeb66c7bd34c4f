/*
 * lade/short.hpp - defines, for C++, the macros of generator functions without the prefix lade_. Include this header
 * after all other headers, and only in files that define generator functions, because `generator(...)` and `yield(...)`
 * become macros. The header does not define the macros that request items, such as next() and for_each(), because
 * std::next and std::for_each exist. Use range-for and lade::generator<T> instead.
 */
#ifndef LADE_SHORT_HPP
#define LADE_SHORT_HPP

#include <lade/lade.hpp>
#include <thread> /* std::this_thread::yield() */

#define generator(...)             lade_generator(__VA_ARGS__)
#define generator_static(...)      lade_generator_static(__VA_ARGS__)
#define generator_over(...)        lade_generator_over(__VA_ARGS__)
#define generator_over_static(...) lade_generator_over_static(__VA_ARGS__)
#define generator_decl(...)        lade_generator_decl(__VA_ARGS__)
#define yield(...)                 lade_yield(__VA_ARGS__)
#define try_yield(...)             lade_try_yield(__VA_ARGS__)
#define yield_from(...)            lade_yield_from(__VA_ARGS__)
#define gen_return(...)            lade_gen_return(__VA_ARGS__)

#endif
