// A C++ program that includes the headers of lade. The headers must not define a macro that has the name of a function
// or type of the C++ standard library.
#include <algorithm>
#include <array>
#include <iterator>
#include <list>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <vector>

#include <lade/lade.h>
#include <lade/short.h>
#include <lade/short_iter.h>

int main() {
    std::vector<int> v{3, 1, 2};
    std::list<int> list(v.begin(), v.end());
    std::set<int> set(v.begin(), v.end());
    std::map<int, int> map{{1, 2}};
    std::array<int, 2> array{{1, 2}};
    auto at = std::next(v.begin());
    auto lowest = std::min(v[0], v[1]) + std::max(v[0], v[1]) + *std::min_element(v.begin(), v.end());
    auto sum = std::accumulate(v.begin(), v.end(), 0);
    std::merge(v.begin(), v.end(), array.begin(), array.end(), std::back_inserter(list));
    auto tuple = std::tuple<int, int>(1, 2);
    return static_cast<int>(set.count(3)) + static_cast<int>(std::count(v.begin(), v.end(), 1)) + map.at(1) + *at +
           lowest + sum + std::get<0>(tuple) + static_cast<int>(lade_version()[0]) - '0' - 20;
}
