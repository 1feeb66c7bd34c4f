/* EXPECT: map the items to const char \* first */
#include <lade/iter.hpp>

std::size_t use();
std::size_t use() {
#ifdef CORRECT
    return lade::list(lade::map([](lade_dir_entry &entry) { return entry.name; }, lade_dir("."))).size();
#else
    return lade::list(lade_dir(".")).size();
#endif
}
