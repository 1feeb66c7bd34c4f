/*
 * Names and texts of the status codes, generated from the one list in lade/base.h, so that a new code cannot be
 * forgotten here; and the version of the library, which is not the header's once a newer one has been installed.
 */
#include <lade/base.h>

const char *lade_status_name(int status) {
    switch (status) {
#define STATUS_CASE(name, value, text) \
    case name:                         \
        return #name;
        LADE_STATUS_MAP(STATUS_CASE)
#undef STATUS_CASE
    default:
        return "LADE_UNKNOWN";
    }
}

const char *lade_status_text(int status) {
    switch (status) {
#define STATUS_CASE(name, value, text) \
    case name:                         \
        return text;
        LADE_STATUS_MAP(STATUS_CASE)
#undef STATUS_CASE
    default:
        return "unknown status";
    }
}

#define STRING_(x) #x
#define STRING(x)  STRING_(x)

const char *lade_version(void) {
    return STRING(LADE_VERSION_MAJOR) "." STRING(LADE_VERSION_MINOR) "." STRING(LADE_VERSION_PATCH);
}
