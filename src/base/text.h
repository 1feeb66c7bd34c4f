/*
 * base/text.h - is it safe to parse this text? jansson calls itself for each level of a text that somebody sent, up
 * to 2048 of them, and the body of a generator has 64 KiB of stack.
 */
#ifndef LADE_SRC_BASE_TEXT_H
#define LADE_SRC_BASE_TEXT_H

#include <lade/base.h>
#include <stdbool.h>

#define LADE__NESTING_LIMIT 32 /* levels; what lade writes has 5 */

/* Why a text is refused, in a message. */
#define LADE__NESTED_TOO_DEEPLY "it is nested too deeply"

/*
 * lade__nests_too_deeply() - has a JSON text of @size bytes more than LADE__NESTING_LIMIT levels of [ and {? To be
 * asked before each text from outside is parsed. What follows the first mistake in a text, where a parser stops, may be
 * miscounted. Any thread. Exported to lade's other libraries only, as those of base/sys.h.
 */
LADE_API bool lade__nests_too_deeply(const char *text, size_t size);

#endif
